-- The search index is made anew: one list of words, which tells what stands in the title and in the tags, and the
-- languages that each workspace's words have their stems in. The server reads all logs again at its start.
DELETE FROM search_positions;
DELETE FROM search_documents;
ALTER TABLE search_documents DROP COLUMN title_words, DROP COLUMN label_words;
ALTER TABLE search_positions ADD COLUMN languages text NOT NULL DEFAULT '';
