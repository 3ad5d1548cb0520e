-- Whether the wallet has a daily limit, so that a payment need not look for one.
ALTER TABLE wallet ADD COLUMN limited SMALLINT NOT NULL DEFAULT 0 CHECK (limited IN (0, 1));

UPDATE wallet SET limited = 1 WHERE id IN (SELECT wallet FROM wallet_limit);

-- Which node does what only one may do at a time. A file has one process at a time; the table is there for the same statements.
CREATE TABLE leader (
  task TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  lease_until BIGINT NOT NULL
);

INSERT INTO leader (task, holder, lease_until) VALUES ('housekeeping', '', 0);
