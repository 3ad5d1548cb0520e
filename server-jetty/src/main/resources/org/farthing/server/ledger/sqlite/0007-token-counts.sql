-- How many messages were signed and tokens used, so that nobody need count them; and how often keys have changed.

-- The sums of an epoch's rows are how many rows it has in token_issued and token_serial, until it is dropped. Several writers each
-- have a row of their own, so that none waits for another.
CREATE TABLE token_count (
  epoch INTEGER NOT NULL,
  writer SMALLINT NOT NULL,
  issued BIGINT NOT NULL CHECK (issued >= 0),
  used BIGINT NOT NULL CHECK (used >= 0),
  PRIMARY KEY (epoch, writer)
) WITHOUT ROWID;

INSERT INTO token_count (epoch, writer, issued, used)
SELECT epoch, 0, SUM(issued), SUM(used) FROM (
  SELECT epoch, COUNT(*) AS issued, 0 AS used FROM token_issued GROUP BY epoch
  UNION ALL
  SELECT epoch, 0, COUNT(*) FROM token_serial GROUP BY epoch
) AS counted GROUP BY epoch;

-- Counts every change of a key, and whoever has this row's lock is the only one who changes keys.
CREATE TABLE token_key_change (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  changes BIGINT NOT NULL
);

INSERT INTO token_key_change (id, changes) VALUES (1, 0);

DELETE FROM leader WHERE task = 'token-keys';
