-- A hash over what stands nowhere else, so that an altered row is found. Rows written before have none until they are written
-- again; an item's state is written twice.
ALTER TABLE wallet ADD COLUMN row_hash TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE wallet_key ADD COLUMN row_hash TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE wallet_limit ADD COLUMN row_hash TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE wallet_spend ADD COLUMN row_hash TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE idempotency ADD COLUMN row_hash TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE outbox ADD COLUMN state_copy TEXT COLLATE "C" NOT NULL DEFAULT 'WAITING';

UPDATE outbox SET state_copy = state WHERE state <> 'WAITING';
