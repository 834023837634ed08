-- The search index is made anew, with the languages that each workspace's words have their stems in: the server reads
-- all logs again at its start.
DELETE FROM search_positions;
DELETE FROM search_words;
DELETE FROM search_documents;
ALTER TABLE search_positions ADD COLUMN languages TEXT NOT NULL DEFAULT '';
