-- What is found is in the index and not in a list beside it, which every search would read through.
DROP INDEX search_documents_by_word;
DROP INDEX search_documents_by_title_word;
DROP INDEX search_documents_by_label_word;
CREATE INDEX search_documents_by_word ON search_documents USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_documents_by_title_word ON search_documents USING gin (title_words) WITH (fastupdate = off);
CREATE INDEX search_documents_by_label_word ON search_documents USING gin (label_words) WITH (fastupdate = off);
