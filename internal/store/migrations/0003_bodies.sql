-- The trigrams of bodies that are text. Bodies that are not are in body_opaque,
-- to be read one by one.
CREATE VIRTUAL TABLE body_index USING fts5 (
	body, content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram'
);
CREATE TABLE body_opaque (
	seq INTEGER PRIMARY KEY
);
