-- Which node does what only one may do at a time. A file has one process at a time; the table is there for the same statements.
CREATE TABLE leader (
  task TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  lease_until BIGINT NOT NULL
);

INSERT INTO leader (task, holder, lease_until) VALUES ('housekeeping', '', 0);
