-- Money that lies at wallet services, payments this ledger vouched for, and what the owner of a wallet may set.

-- A transfer between a payee and a wallet service belongs to no wallet, and a service that fails to pay is written off.
-- The columns and their order are those of the old table, so the hashes of its rows stay as they are.
CREATE TABLE transfer_new (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('TOP_UP', 'HOLD', 'CAPTURE', 'RELEASE', 'REFUND', 'WRITE_OFF')),
  wallet TEXT REFERENCES wallet (id),
  challenge_id TEXT,
  from_account TEXT NOT NULL,
  to_account TEXT NOT NULL CHECK (to_account <> from_account),
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  method TEXT,
  note TEXT,
  at BIGINT NOT NULL,
  row_hash TEXT NOT NULL,
  CHECK (wallet IS NOT NULL OR kind IN ('CAPTURE', 'REFUND', 'WRITE_OFF'))
);

INSERT INTO transfer_new (seq, id, kind, wallet, challenge_id, from_account, to_account, currency, amount, method, note, at,
  row_hash)
SELECT seq, id, kind, wallet, challenge_id, from_account, to_account, currency, amount, method, note, at, row_hash
FROM transfer;

DROP TABLE transfer;

ALTER TABLE transfer_new RENAME TO transfer;

CREATE INDEX transfer_of_wallet ON transfer (wallet, seq);

-- The owner's own stop, beside the operator's in status; and the key that lifts it, which never signs orders.
ALTER TABLE wallet ADD COLUMN frozen SMALLINT NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1));

ALTER TABLE wallet ADD COLUMN recovery_thumbprint TEXT;

ALTER TABLE wallet ADD COLUMN recovery_jwk TEXT;

-- What a wallet may spend in a day, over all currency ids of a code, and what it spent on each of its last days (days since
-- 1970, UTC). Decimal numbers of the major unit.
CREATE TABLE wallet_limit (
  wallet TEXT NOT NULL REFERENCES wallet (id),
  code TEXT NOT NULL,
  per_day TEXT NOT NULL,
  PRIMARY KEY (wallet, code)
);

CREATE TABLE wallet_spend (
  wallet TEXT NOT NULL,
  code TEXT NOT NULL,
  day BIGINT NOT NULL,
  spent TEXT NOT NULL,
  PRIMARY KEY (wallet, code, day),
  FOREIGN KEY (wallet, code) REFERENCES wallet_limit (wallet, code)
);

-- The wallet service that vouched for the charge. Then wallet is a pseudonym.
ALTER TABLE charge ADD COLUMN service TEXT;

-- One row a charge with a service. row_hash covers all columns before it.
CREATE TABLE backing (
  challenge_id TEXT NOT NULL PRIMARY KEY REFERENCES charge (challenge_id),
  service TEXT NOT NULL,
  token_id TEXT NOT NULL,
  hold_expires BIGINT NOT NULL,
  rb TEXT,
  row_hash TEXT NOT NULL,
  written_off BIGINT NOT NULL DEFAULT 0 CHECK (written_off >= 0),
  UNIQUE (service, token_id)
);

-- What is held on a service's word, and what is captured and it has not acknowledged.
CREATE TABLE exposure (
  service TEXT NOT NULL,
  currency TEXT NOT NULL,
  open BIGINT NOT NULL CHECK (open >= 0),
  PRIMARY KEY (service, currency)
);

-- What services must be told. row_hash covers all columns before it but seq.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  challenge_id TEXT NOT NULL REFERENCES backing (challenge_id),
  kind TEXT NOT NULL CHECK (kind IN ('CAPTURE', 'RELEASE', 'REFUND')),
  amount BIGINT NOT NULL CHECK (amount >= 0),
  idempotency_key TEXT,
  reason TEXT,
  created_at BIGINT NOT NULL,
  row_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('WAITING', 'DONE', 'FAILED', 'WRITTEN_OFF')),
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  not_before BIGINT NOT NULL,
  result TEXT
);

CREATE INDEX outbox_of_charge ON outbox (challenge_id, seq);

-- A charge is told of as captured or as released, never as both and never twice.
CREATE UNIQUE INDEX outbox_settled_once ON outbox (challenge_id) WHERE kind IN ('CAPTURE', 'RELEASE');

CREATE INDEX outbox_waiting ON outbox (not_before, seq) WHERE state = 'WAITING';

CREATE INDEX outbox_failed ON outbox (seq) WHERE state = 'FAILED';

-- What this ledger's wallets paid through tokens: one row beside the charge, which has wallet, currency, amount and state, and
-- whose expires is the end of the hold. row_hash covers all columns before it but seq.
CREATE TABLE service_payment (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  charge_id TEXT NOT NULL UNIQUE REFERENCES charge (challenge_id),
  recipient TEXT NOT NULL,
  challenge_id TEXT NOT NULL,
  token_id TEXT NOT NULL UNIQUE,
  order_hash TEXT NOT NULL,
  token TEXT NOT NULL,
  expires BIGINT NOT NULL,
  rb TEXT,
  row_hash TEXT NOT NULL,
  UNIQUE (challenge_id, recipient)
);

CREATE INDEX service_payment_of_recipient ON service_payment (recipient, seq);

CREATE TABLE payee (
  origin TEXT NOT NULL PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'FROZEN')),
  deferred SMALLINT NOT NULL CHECK (deferred IN (0, 1)),
  key_document TEXT,
  fetched_at BIGINT,
  added_at BIGINT NOT NULL
);
