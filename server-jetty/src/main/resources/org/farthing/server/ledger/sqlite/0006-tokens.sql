-- Bearer tokens: the keys of issuers, what each signed, and what each token was used for.

-- The issuer whose tokens paid for the charge. Then wallet is a pseudonym.
ALTER TABLE charge ADD COLUMN issuer TEXT;

-- One row an epoch of one value: a key. mine says whether the issuer's books are here. dropped: 0 it is kept, 1 its rows are being
-- removed, 2 they are gone; the key itself stays known, so that it never begins anew. row_hash covers all columns before it.
CREATE TABLE token_key (
  epoch INTEGER PRIMARY KEY AUTOINCREMENT,
  key_id TEXT NOT NULL UNIQUE,
  issuer TEXT NOT NULL,
  mine SMALLINT NOT NULL CHECK (mine IN (0, 1)),
  value BIGINT NOT NULL CHECK (value > 0),
  currency TEXT NOT NULL,
  last_byte SMALLINT NOT NULL CHECK (last_byte >= 0 AND last_byte <= 255),
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL CHECK (not_after > not_before),
  spend_until BIGINT NOT NULL CHECK (spend_until > not_after),
  redeem_until BIGINT NOT NULL CHECK (redeem_until > spend_until),
  swap_until BIGINT NOT NULL CHECK (swap_until > redeem_until),
  closed TEXT,
  dropped SMALLINT NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1, 2)),
  row_hash TEXT NOT NULL
);

-- One row an act: a charge paid with tokens, a purchase, an exchange, an exchange forwarded to a remote issuer, a redemption, a
-- refund handed out. owner is the challenge id, the digest of the exchange, or the payee. epoch is the first of its keys, which
-- says issuer and currency; value is what the act is worth. first_over and keep_until are the first and the last end of its keys,
-- parts is a hash over its tokens and messages. From free_from on, its tokens may be used for something else. row_hash covers all
-- columns before it but id.
CREATE TABLE token_use (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('CHARGE', 'PURCHASE', 'SWAP', 'FORWARD', 'REDEMPTION', 'REFUND')),
  owner TEXT NOT NULL,
  epoch INTEGER NOT NULL REFERENCES token_key (epoch),
  value BIGINT NOT NULL CHECK (value > 0),
  first_over BIGINT NOT NULL,
  keep_until BIGINT NOT NULL,
  parts TEXT NOT NULL,
  free_from BIGINT,
  row_hash TEXT NOT NULL
);

CREATE UNIQUE INDEX token_use_once ON token_use (owner, kind) WHERE kind IN ('CHARGE', 'PURCHASE', 'SWAP', 'FORWARD');

CREATE INDEX token_use_refund ON token_use (owner) WHERE kind = 'REFUND';

CREATE INDEX token_use_retention ON token_use (keep_until);

-- Every token that was presented: 16 bytes of SHA-256(key id, nonce). Whoever inserts the row has the token.
CREATE TABLE token_serial (
  epoch INTEGER NOT NULL,
  serial BYTEA NOT NULL,
  use_id BIGINT NOT NULL,
  PRIMARY KEY (epoch, serial)
) WITHOUT ROWID;

-- Every blinded message that was signed: 16 bytes of SHA-256(key id, message).
CREATE TABLE token_issued (
  epoch INTEGER NOT NULL,
  message BYTEA NOT NULL,
  use_id BIGINT NOT NULL,
  PRIMARY KEY (epoch, message)
) WITHOUT ROWID;

-- Tokens of remote issuers that charges were paid with, until the issuer has redeemed them. row_hash covers all columns before it
-- but seq; a state is written twice.
CREATE TABLE token_upload (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  use_id BIGINT NOT NULL REFERENCES token_use (id),
  payee TEXT NOT NULL,
  epoch INTEGER NOT NULL REFERENCES token_key (epoch),
  serial BYTEA NOT NULL,
  token BYTEA NOT NULL,
  row_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('HELD', 'WAITING', 'FAILED', 'WRITTEN_OFF')),
  state_copy TEXT NOT NULL,
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  not_before BIGINT NOT NULL,
  result TEXT
);

CREATE INDEX token_upload_of_use ON token_upload (use_id);

CREATE INDEX token_upload_waiting ON token_upload (not_before, seq) WHERE state = 'WAITING';

-- What is accepted of a remote issuer's tokens and not redeemed.
CREATE TABLE token_debt (
  issuer TEXT NOT NULL,
  currency TEXT NOT NULL,
  open BIGINT NOT NULL CHECK (open >= 0),
  PRIMARY KEY (issuer, currency)
);

-- Keys are opened one after the other: two must not end in the same byte.
INSERT INTO leader (task, holder, lease_until) VALUES ('token-keys', '', 0);
