-- The books of one operator. Amounts are base units, times are milliseconds since 1970 (UTC), hashes are base64url SHA-256.

-- Who runs on this store. A hold whose owner has no lease may be taken over.
CREATE TABLE node (
  boot_id TEXT NOT NULL PRIMARY KEY,
  started_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL
);

CREATE TABLE wallet (
  id TEXT NOT NULL PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  version BIGINT NOT NULL CHECK (version > 0),
  funded SMALLINT NOT NULL CHECK (funded IN (0, 1)),
  holds BIGINT NOT NULL CHECK (holds >= 0),
  release_minute BIGINT NOT NULL,
  releases BIGINT NOT NULL CHECK (releases >= 0),
  created_at BIGINT NOT NULL
);

CREATE INDEX wallet_never_funded ON wallet (created_at) WHERE funded = 0;

CREATE TABLE wallet_key (
  wallet TEXT NOT NULL REFERENCES wallet (id),
  thumbprint TEXT NOT NULL,
  jwk TEXT NOT NULL,
  ordinal BIGINT NOT NULL CHECK (ordinal > 0),
  added_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (wallet, thumbprint)
);

CREATE TABLE account (
  wallet TEXT NOT NULL REFERENCES wallet (id),
  currency TEXT NOT NULL,
  available BIGINT NOT NULL CHECK (available >= 0),
  held BIGINT NOT NULL CHECK (held >= 0),
  PRIMARY KEY (wallet, currency)
);

-- The only way money moves. Rows are inserted and never changed; row_hash covers every column but seq and itself.
-- An id names what moved (hold:CHALLENGE, capture:CHALLENGE, topup:WALLET:KEY ...), so nothing moves twice.
CREATE TABLE transfer (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('TOP_UP', 'HOLD', 'CAPTURE', 'RELEASE', 'REFUND')),
  wallet TEXT NOT NULL REFERENCES wallet (id),
  challenge_id TEXT,
  from_account TEXT NOT NULL,
  to_account TEXT NOT NULL CHECK (to_account <> from_account),
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  method TEXT,
  note TEXT,
  at BIGINT NOT NULL,
  row_hash TEXT NOT NULL
);

CREATE INDEX transfer_of_wallet ON transfer (wallet, seq);

-- One row a claimed challenge. The columns down to row_hash never change, and it covers them.
CREATE TABLE charge (
  challenge_id TEXT NOT NULL PRIMARY KEY,
  credential_hash TEXT NOT NULL,
  payment_id TEXT NOT NULL UNIQUE,
  wallet TEXT NOT NULL,
  key_thumbprint TEXT NOT NULL,
  payee TEXT NOT NULL,
  route TEXT NOT NULL,
  method TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0),
  expires BIGINT NOT NULL,
  repeatable SMALLINT NOT NULL CHECK (repeatable IN (0, 1)),
  upfront SMALLINT NOT NULL CHECK (upfront IN (0, 1)),
  created_at BIGINT NOT NULL,
  row_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('HELD', 'CAPTURED', 'RELEASED', 'REFUNDED')),
  fence BIGINT NOT NULL CHECK (fence > 0),
  owner TEXT NOT NULL,
  hold_until BIGINT NOT NULL,
  captured BIGINT NOT NULL CHECK (captured >= 0 AND captured <= amount),
  refunded BIGINT NOT NULL CHECK (refunded >= 0 AND refunded <= captured),
  delivery TEXT NOT NULL CHECK (delivery IN ('NOT_TRACKED', 'PENDING', 'DELIVERED', 'UNDELIVERED')),
  executed TEXT NOT NULL CHECK (executed IN ('NO', 'YES', 'UNKNOWN')),
  release_reason TEXT,
  settled_at BIGINT,
  reruns BIGINT NOT NULL CHECK (reruns >= 0 AND reruns <= 3),
  rerun_until BIGINT
);

CREATE INDEX charge_open ON charge (hold_until) WHERE state = 'HELD' OR delivery = 'PENDING';
CREATE INDEX charge_kept_short ON charge (expires) WHERE state = 'RELEASED' OR amount = 0;
CREATE INDEX charge_kept_long ON charge (expires) WHERE amount > 0 AND state IN ('CAPTURED', 'REFUNDED');
CREATE INDEX charge_without_money ON charge (wallet) WHERE amount = 0;

-- What was answered, for the same credential bytes again.
CREATE TABLE outcome (
  challenge_id TEXT NOT NULL PRIMARY KEY REFERENCES charge (challenge_id),
  status BIGINT NOT NULL,
  fields TEXT NOT NULL,
  body BYTEA,
  whole SMALLINT NOT NULL CHECK (whole IN (0, 1)),
  receipt TEXT,
  replay_until BIGINT NOT NULL
);

CREATE INDEX outcome_retention ON outcome (replay_until);

CREATE TABLE idempotency (
  scope TEXT NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,
  challenge_id TEXT NOT NULL,
  replay_until BIGINT NOT NULL
);

CREATE INDEX idempotency_retention ON idempotency (replay_until);

-- Claims of challenges that expired up to here may have been purged: none of them may be claimed, whatever the clock says.
CREATE TABLE purge_mark (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  expires BIGINT NOT NULL
);

INSERT INTO purge_mark (id, expires) VALUES (1, 0);
