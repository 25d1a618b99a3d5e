CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta (name, value) VALUES ('lock', '');

-- The branch of the chain that is followed. Below the tip only blocks with logs and ends of ranges are kept.
CREATE TABLE blocks (
    number INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL,
    parent BLOB NOT NULL,
    timestamp_s INTEGER NOT NULL
) STRICT;

CREATE TABLE logs (
    block_hash BLOB NOT NULL,
    log_index INTEGER NOT NULL,
    block INTEGER NOT NULL,
    tx_hash BLOB NOT NULL,
    address BLOB NOT NULL,
    topics BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (block_hash, log_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX logs_in_order ON logs (block, log_index);

-- What the logs come to: one JSON document for each subject. `rank` sorts as a big-endian number.
CREATE TABLE entries (
    kind INTEGER NOT NULL,
    key BLOB NOT NULL,
    rank BLOB,
    value BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_by_rank ON entries (kind, rank, key) WHERE rank IS NOT NULL;

-- What an entry was before a block first changed it; no value: it was not there.
CREATE TABLE undo (
    block INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    key BLOB NOT NULL,
    rank BLOB,
    value BLOB,
    PRIMARY KEY (kind, key, block)
) STRICT, WITHOUT ROWID;
CREATE INDEX undo_by_block ON undo (block);
