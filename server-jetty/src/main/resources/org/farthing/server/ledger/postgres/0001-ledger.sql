-- The books of one operator. Amounts are base units, times are milliseconds since 1970 (UTC), hashes are base64url SHA-256.
-- Texts compare by their bytes, whatever the database's language: the order of pages is the same on every store.

-- Who runs on this store. A hold whose owner has no lease may be taken over.
CREATE TABLE node (
  boot_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  started_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL
);

-- status is the operator's stop, frozen the owner's own; the recovery key lifts that one and never signs orders.
CREATE TABLE wallet (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  status TEXT COLLATE "C" NOT NULL CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  frozen SMALLINT NOT NULL CHECK (frozen IN (0, 1)),
  recovery_thumbprint TEXT COLLATE "C",
  recovery_jwk TEXT COLLATE "C",
  version BIGINT NOT NULL CHECK (version > 0),
  funded SMALLINT NOT NULL CHECK (funded IN (0, 1)),
  holds BIGINT NOT NULL CHECK (holds >= 0),
  release_minute BIGINT NOT NULL,
  releases BIGINT NOT NULL CHECK (releases >= 0),
  created_at BIGINT NOT NULL,
  limited SMALLINT NOT NULL CHECK (limited IN (0, 1))
);

CREATE INDEX wallet_never_funded ON wallet (created_at) WHERE funded = 0;

CREATE TABLE wallet_key (
  wallet TEXT COLLATE "C" NOT NULL REFERENCES wallet (id),
  thumbprint TEXT COLLATE "C" NOT NULL,
  jwk TEXT COLLATE "C" NOT NULL,
  ordinal BIGINT NOT NULL CHECK (ordinal > 0),
  added_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (wallet, thumbprint)
);

CREATE TABLE account (
  wallet TEXT COLLATE "C" NOT NULL REFERENCES wallet (id),
  currency TEXT COLLATE "C" NOT NULL,
  available BIGINT NOT NULL CHECK (available >= 0),
  held BIGINT NOT NULL CHECK (held >= 0),
  PRIMARY KEY (wallet, currency)
);

-- The only way money moves. Rows are inserted and never changed; row_hash covers every column but seq and itself.
-- An id names what moved (hold:CHALLENGE, capture:CHALLENGE, topup:WALLET:KEY ...), so nothing moves twice. Between a payee and
-- a wallet service, a transfer belongs to no wallet.
CREATE TABLE transfer (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('TOP_UP', 'HOLD', 'CAPTURE', 'RELEASE', 'REFUND', 'WRITE_OFF')),
  wallet TEXT COLLATE "C" REFERENCES wallet (id),
  challenge_id TEXT COLLATE "C",
  from_account TEXT COLLATE "C" NOT NULL,
  to_account TEXT COLLATE "C" NOT NULL CHECK (to_account <> from_account),
  currency TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  method TEXT COLLATE "C",
  note TEXT COLLATE "C",
  at BIGINT NOT NULL,
  row_hash TEXT COLLATE "C" NOT NULL,
  CHECK (wallet IS NOT NULL OR kind IN ('CAPTURE', 'REFUND', 'WRITE_OFF'))
);

CREATE INDEX transfer_of_wallet ON transfer (wallet, seq);

-- One row a claimed challenge. The columns down to row_hash never change, and it covers them. With a service (the
-- wallet service that vouched), wallet is a pseudonym.
CREATE TABLE charge (
  challenge_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  credential_hash TEXT COLLATE "C" NOT NULL,
  payment_id TEXT COLLATE "C" NOT NULL UNIQUE,
  wallet TEXT COLLATE "C" NOT NULL,
  key_thumbprint TEXT COLLATE "C" NOT NULL,
  payee TEXT COLLATE "C" NOT NULL,
  route TEXT COLLATE "C" NOT NULL,
  method TEXT COLLATE "C" NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0),
  expires BIGINT NOT NULL,
  repeatable SMALLINT NOT NULL CHECK (repeatable IN (0, 1)),
  upfront SMALLINT NOT NULL CHECK (upfront IN (0, 1)),
  created_at BIGINT NOT NULL,
  row_hash TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('HELD', 'CAPTURED', 'RELEASED', 'REFUNDED')),
  fence BIGINT NOT NULL CHECK (fence > 0),
  owner TEXT COLLATE "C" NOT NULL,
  hold_until BIGINT NOT NULL,
  captured BIGINT NOT NULL CHECK (captured >= 0 AND captured <= amount),
  refunded BIGINT NOT NULL CHECK (refunded >= 0 AND refunded <= captured),
  delivery TEXT COLLATE "C" NOT NULL CHECK (delivery IN ('NOT_TRACKED', 'PENDING', 'DELIVERED', 'UNDELIVERED')),
  executed TEXT COLLATE "C" NOT NULL CHECK (executed IN ('NO', 'YES', 'UNKNOWN')),
  release_reason TEXT COLLATE "C",
  settled_at BIGINT,
  reruns BIGINT NOT NULL CHECK (reruns >= 0 AND reruns <= 3),
  rerun_until BIGINT,
  service TEXT COLLATE "C"
);

CREATE INDEX charge_open ON charge (hold_until) WHERE state = 'HELD' OR delivery = 'PENDING';
CREATE INDEX charge_kept_short ON charge (expires) WHERE state = 'RELEASED' OR amount = 0;
CREATE INDEX charge_kept_long ON charge (expires) WHERE amount > 0 AND state IN ('CAPTURED', 'REFUNDED');
CREATE INDEX charge_without_money ON charge (wallet) WHERE amount = 0;

-- What was answered, for the same credential bytes again.
CREATE TABLE outcome (
  challenge_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES charge (challenge_id),
  status BIGINT NOT NULL,
  fields TEXT COLLATE "C" NOT NULL,
  body BYTEA,
  whole SMALLINT NOT NULL CHECK (whole IN (0, 1)),
  receipt TEXT COLLATE "C",
  replay_until BIGINT NOT NULL
);

CREATE INDEX outcome_retention ON outcome (replay_until);

CREATE TABLE idempotency (
  scope TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  content TEXT COLLATE "C" NOT NULL,
  challenge_id TEXT COLLATE "C" NOT NULL,
  replay_until BIGINT NOT NULL
);

CREATE INDEX idempotency_retention ON idempotency (replay_until);

-- Claims of challenges that expired up to here may have been purged: none of them may be claimed, whatever the clock says.
CREATE TABLE purge_mark (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  expires BIGINT NOT NULL
);

INSERT INTO purge_mark (id, expires) VALUES (1, 0);

-- What a wallet may spend in a day, over all currency ids of a code, and what it spent on each of its last days (days since
-- 1970, UTC). Decimal numbers of the major unit.
CREATE TABLE wallet_limit (
  wallet TEXT COLLATE "C" NOT NULL REFERENCES wallet (id),
  code TEXT COLLATE "C" NOT NULL,
  per_day TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (wallet, code)
);

CREATE TABLE wallet_spend (
  wallet TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  spent TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (wallet, code, day),
  FOREIGN KEY (wallet, code) REFERENCES wallet_limit (wallet, code)
);

-- One row a charge with a service. row_hash covers all columns before it.
CREATE TABLE backing (
  challenge_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES charge (challenge_id),
  service TEXT COLLATE "C" NOT NULL,
  token_id TEXT COLLATE "C" NOT NULL,
  hold_expires BIGINT NOT NULL,
  rb TEXT COLLATE "C",
  row_hash TEXT COLLATE "C" NOT NULL,
  written_off BIGINT NOT NULL DEFAULT 0 CHECK (written_off >= 0),
  UNIQUE (service, token_id)
);

-- What is held on a service's word, and what is captured and it has not acknowledged.
CREATE TABLE exposure (
  service TEXT COLLATE "C" NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  open BIGINT NOT NULL CHECK (open >= 0),
  PRIMARY KEY (service, currency)
);

-- What services must be told. row_hash covers all columns before it but seq.
CREATE TABLE outbox (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  challenge_id TEXT COLLATE "C" NOT NULL REFERENCES backing (challenge_id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('CAPTURE', 'RELEASE', 'REFUND')),
  amount BIGINT NOT NULL CHECK (amount >= 0),
  idempotency_key TEXT COLLATE "C",
  reason TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  row_hash TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('WAITING', 'DONE', 'FAILED', 'WRITTEN_OFF')),
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  not_before BIGINT NOT NULL,
  result TEXT COLLATE "C"
);

CREATE INDEX outbox_of_charge ON outbox (challenge_id, seq);

-- A charge is told of as captured or as released, never as both and never twice.
CREATE UNIQUE INDEX outbox_settled_once ON outbox (challenge_id) WHERE kind IN ('CAPTURE', 'RELEASE');

CREATE INDEX outbox_waiting ON outbox (not_before, seq) WHERE state = 'WAITING';

CREATE INDEX outbox_failed ON outbox (seq) WHERE state = 'FAILED';

-- What this ledger's wallets paid through tokens: one row beside the charge, which has wallet, currency, amount and state, and
-- whose expires is the end of the hold. row_hash covers all columns before it but seq.
CREATE TABLE service_payment (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  charge_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES charge (challenge_id),
  recipient TEXT COLLATE "C" NOT NULL,
  challenge_id TEXT COLLATE "C" NOT NULL,
  token_id TEXT COLLATE "C" NOT NULL UNIQUE,
  order_hash TEXT COLLATE "C" NOT NULL,
  token TEXT COLLATE "C" NOT NULL,
  expires BIGINT NOT NULL,
  rb TEXT COLLATE "C",
  row_hash TEXT COLLATE "C" NOT NULL,
  UNIQUE (challenge_id, recipient)
);

CREATE INDEX service_payment_of_recipient ON service_payment (recipient, seq);

CREATE TABLE payee (
  origin TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  status TEXT COLLATE "C" NOT NULL CHECK (status IN ('ACTIVE', 'FROZEN')),
  deferred SMALLINT NOT NULL CHECK (deferred IN (0, 1)),
  key_document TEXT COLLATE "C",
  fetched_at BIGINT,
  added_at BIGINT NOT NULL
);

-- Which node does what only one may do at a time.
CREATE TABLE leader (
  task TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL,
  lease_until BIGINT NOT NULL
);

INSERT INTO leader (task, holder, lease_until) VALUES ('housekeeping', '', 0);

-- Ids of signed requests that were used, kept for as long as such a request could be valid: each is used once, whichever node
-- it comes to and whatever process was there before.
CREATE TABLE request_id (
  caller TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  keep_until BIGINT NOT NULL,
  PRIMARY KEY (caller, id)
);

CREATE INDEX request_id_retention ON request_id (keep_until);
