-- The search index is made anew, with the stems of words: the server reads all logs again at its start.
DELETE FROM search_positions;
DELETE FROM search_words;
DELETE FROM search_documents;
