CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
INSERT INTO meta (name, value) VALUES ('lock', '');

-- The branch of the chain that is followed. Below the tip only blocks with logs and ends of ranges are kept.
CREATE TABLE blocks (
    number BIGINT PRIMARY KEY NOT NULL,
    hash BYTEA NOT NULL,
    parent BYTEA NOT NULL,
    timestamp_s BIGINT NOT NULL
);

CREATE TABLE logs (
    block_hash BYTEA NOT NULL,
    log_index BIGINT NOT NULL,
    block BIGINT NOT NULL,
    tx_hash BYTEA NOT NULL,
    address BYTEA NOT NULL,
    topics BYTEA NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (block_hash, log_index)
);
CREATE INDEX logs_in_order ON logs (block, log_index);

-- What the logs come to: one JSON document for each subject. `rank` sorts as a big-endian number.
CREATE TABLE entries (
    kind BIGINT NOT NULL,
    key BYTEA NOT NULL,
    rank BYTEA,
    value BYTEA NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX entries_by_rank ON entries (kind, rank, key) WHERE rank IS NOT NULL;

-- What an entry was before a block first changed it; no value: it was not there.
CREATE TABLE undo (
    block BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    key BYTEA NOT NULL,
    rank BYTEA,
    value BYTEA,
    PRIMARY KEY (kind, key, block)
);
CREATE INDEX undo_by_block ON undo (block);
