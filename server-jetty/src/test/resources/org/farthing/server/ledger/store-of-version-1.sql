PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migration (
  version BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at BIGINT NOT NULL
);
INSERT INTO schema_migration VALUES(1,'0001-ledger','6AtIvLy3V-YHON8yRv1Tzm56dPs_UhEdEqxPbw1xA2M',1795341600000);
CREATE TABLE node (
  boot_id TEXT NOT NULL PRIMARY KEY,
  started_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL
);
INSERT INTO node VALUES('6vDmpPsbwKveaMEa29qqRg',1795341600000,9223372036854775807);
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
INSERT INTO wallet VALUES('w_alice','ACTIVE',1,1,3,29922360,2,1795341600000);
INSERT INTO wallet VALUES('w_bob','SUSPENDED',3,1,0,0,0,1795341600000);
INSERT INTO wallet VALUES('w_empty','ACTIVE',1,0,0,0,0,1795341600000);
CREATE TABLE wallet_key (
  wallet TEXT NOT NULL REFERENCES wallet (id),
  thumbprint TEXT NOT NULL,
  jwk TEXT NOT NULL,
  ordinal BIGINT NOT NULL CHECK (ordinal > 0),
  added_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (wallet, thumbprint)
);
INSERT INTO wallet_key VALUES('w_alice','key-of-w_alice','{"kty":"OKP"}',1,1795341600000,NULL);
INSERT INTO wallet_key VALUES('w_bob','key-of-w_bob','{"kty":"OKP"}',1,1795341600000,NULL);
INSERT INTO wallet_key VALUES('w_empty','key-of-w_empty','{"kty":"OKP"}',1,1795341600000,NULL);
INSERT INTO wallet_key VALUES('w_bob','second-of-bob','{"kty":"OKP"}',2,1795341600000,NULL);
CREATE TABLE account (
  wallet TEXT NOT NULL REFERENCES wallet (id),
  currency TEXT NOT NULL,
  available BIGINT NOT NULL CHECK (available >= 0),
  held BIGINT NOT NULL CHECK (held >= 0),
  PRIMARY KEY (wallet, currency)
);
INSERT INTO account VALUES('w_alice','usd.e6',603,300);
INSERT INTO account VALUES('w_alice','eur.e6',50,0);
INSERT INTO account VALUES('w_bob','usd.e6',70,0);
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
INSERT INTO transfer VALUES(1,'topup:w_alice:first','TOP_UP','w_alice',NULL,'treasury','available:w_alice','usd.e6',1000,NULL,NULL,1795341600000,'mgk6NQV-ufUyrTpJsVzPKoji8PZRfy0SzG9brqmm88A');
INSERT INTO transfer VALUES(2,'topup:w_alice:second','TOP_UP','w_alice',NULL,'treasury','available:w_alice','eur.e6',50,NULL,NULL,1795341600000,'a-djn2JNuVdLRjMSGI9O1VSPRaV7WTZkMHoGSzcpYJc');
INSERT INTO transfer VALUES(3,'topup:w_bob:first','TOP_UP','w_bob',NULL,'treasury','available:w_bob','usd.e6',70,NULL,NULL,1795341600000,'f9x-QXDe70KGSEPgSgm4B0PhQIFxz6sOpIyKUoSKxK0');
INSERT INTO transfer VALUES(4,'hold:held','HOLD','w_alice','held','available:w_alice','held:w_alice','usd.e6',300,'wallet',NULL,1795341600000,'mjlP01szQUTdNBlRCeVb693ZckKPyTAchqn5nEAySH4');
INSERT INTO transfer VALUES(5,'hold:captured','HOLD','w_alice','captured','available:w_alice','held:w_alice','usd.e6',100,'wallet',NULL,1795341600000,'U3-uwRY7bPC5p7mpmLKaWrGlpTW_lUh_XOozbHWazJg');
INSERT INTO transfer VALUES(6,'capture:captured','CAPTURE','w_alice','captured','held:w_alice','payee:https://api.example.com','usd.e6',40,'wallet',NULL,1795341600000,'WLGDBksKDLrt7oK3VJnMm-1fpiyEvUE2-5eIDBqCAY0');
INSERT INTO transfer VALUES(7,'release:captured','RELEASE','w_alice','captured','held:w_alice','available:w_alice','usd.e6',60,'wallet',NULL,1795341600000,'QlFCsV3Q17YDF8_jqjHjasqefq3yvYjLOWVGl8PW5MM');
INSERT INTO transfer VALUES(8,'refund:captured:r1','REFUND','w_alice','captured','payee:https://api.example.com','available:w_alice','usd.e6',10,'wallet','goodwill',1795341600000,'DJqxVCu00g22tePPxH-yS_3AhKjA8NNIpevkrJcUZN4');
INSERT INTO transfer VALUES(9,'hold:refunded','HOLD','w_alice','refunded','available:w_alice','held:w_alice','usd.e6',20,'wallet',NULL,1795341600000,'BWOQMJAcaWNhWH7iHY2EWuVrHgOmNfV9EA3famFw0Og');
INSERT INTO transfer VALUES(10,'capture:refunded','CAPTURE','w_alice','refunded','held:w_alice','payee:https://api.example.com','usd.e6',20,'wallet',NULL,1795341600000,'sFliZO16IVQm5ZKenLfHACGoA9DRl2FDDm86LALNAVA');
INSERT INTO transfer VALUES(11,'refund:refunded:r1','REFUND','w_alice','refunded','payee:https://api.example.com','available:w_alice','usd.e6',20,'wallet','goodwill',1795341600000,'hpnLgHVDTAK-Q2OpFeBLyCdC7rFGqJOBxJpiynFdzHs');
INSERT INTO transfer VALUES(12,'hold:released','HOLD','w_alice','released','available:w_alice','held:w_alice','usd.e6',50,'wallet',NULL,1795341600000,'8ei7-np4GPqLFRaPkfbbbx__iSHcL_MoZc79JWPLpzA');
INSERT INTO transfer VALUES(13,'release:released','RELEASE','w_alice','released','held:w_alice','available:w_alice','usd.e6',50,'wallet',NULL,1795341600000,'WFifakKKFXUNM5PuPcR8oj2GIFsUPscfa2lA3QT3lQc');
INSERT INTO transfer VALUES(14,'capture:pending','CAPTURE','w_alice','pending','available:w_alice','payee:https://api.example.com','usd.e6',60,'wallet',NULL,1795341600000,'E-YMcm7NC7rG6zMpuIQeNOuhxXabQjgz3JeGA45Rt60');
INSERT INTO transfer VALUES(15,'capture:delivered','CAPTURE','w_alice','delivered','available:w_alice','payee:https://api.example.com','usd.e6',7,'wallet',NULL,1795341600000,'UnGe6lHqe85nelaKr9PTJUZ0WU5XKr3ysdt6NBVfQT0');
INSERT INTO transfer VALUES(16,'capture:undelivered','CAPTURE','w_alice','undelivered','available:w_alice','payee:https://api.example.com','usd.e6',8,'wallet',NULL,1795341600000,'HSodkAqHg9tLW0Kfz1evniO4k0mcSFHyDwSrQgmn4ww');
INSERT INTO transfer VALUES(17,'undelivered:undelivered','REFUND','w_alice','undelivered','payee:https://api.example.com','available:w_alice','usd.e6',8,'wallet',NULL,1795341600000,'wqBoZL67Ku5QiYD0NGx9umu1mOef8wiOTqAoWctcnQk');
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
INSERT INTO charge VALUES('held','hash-held','held','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',300,1795341900000,1,0,1795341600000,'tHKz2dg7BbZL2Q8imTYJa5VcGkt8j3kru_LmvnKK-TM','HELD',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,0,0,'NOT_TRACKED','UNKNOWN',NULL,NULL,0,NULL);
INSERT INTO charge VALUES('captured','hash-captured','captured','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',100,1795341900000,1,0,1795341600000,'NXhmaspRSGDm9EEltG7onGD2qz4Od8ZbUMXQNfHNTuk','CAPTURED',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,40,10,'NOT_TRACKED','YES',NULL,1795341600000,0,NULL);
INSERT INTO charge VALUES('refunded','hash-refunded','refunded','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',20,1795341900000,1,0,1795341600000,'WpqCzMcGqf79mmyRJ3jq-xrlt7NytUoOGuwCvhZ_gAI','REFUNDED',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,20,20,'NOT_TRACKED','YES',NULL,1795341600000,0,NULL);
INSERT INTO charge VALUES('released','hash-released','released','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',50,1795341900000,1,0,1795341600000,'im0ceW7msefSCHtwgGYUgz6EgqTZKI6lLlGg7Or72LE','RELEASED',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,0,0,'NOT_TRACKED','NO','WAIVED',1795341600000,0,NULL);
INSERT INTO charge VALUES('zero','hash-zero','zero','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',0,1795341900000,1,0,1795341600000,'2gFA5IyaFrY8gTgaGtaPPVYe0JNEMIj3ZX-QmlUvwA4','HELD',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,0,0,'NOT_TRACKED','UNKNOWN',NULL,NULL,0,NULL);
INSERT INTO charge VALUES('pending','hash-pending','pending','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',60,1795341900000,1,1,1795341600000,'8kkDY15MvKpbEfMJ4-VZVP7yfZk3igeX064j-YxyhII','CAPTURED',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,60,0,'PENDING','UNKNOWN',NULL,NULL,0,NULL);
INSERT INTO charge VALUES('delivered','hash-delivered','delivered','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',7,1795341900000,1,1,1795341600000,'ML1gu_tfLePUC1PNhZiBRG7t3l0OXOi-Yc8bI2_LVdI','CAPTURED',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,7,0,'DELIVERED','YES',NULL,NULL,0,NULL);
INSERT INTO charge VALUES('undelivered','hash-undelivered','undelivered','w_alice','key-of-w_alice','https://api.example.com','docs','wallet','usd.e6',8,1795341900000,1,1,1795341600000,'APL3tyHnQ4trZ_rEZRndDzApt-ILno9mKv0CkavrRFA','REFUNDED',1,'6vDmpPsbwKveaMEa29qqRg',1795341630000,8,8,'UNDELIVERED','UNKNOWN','UNDELIVERED',NULL,0,NULL);
CREATE TABLE outcome (
  challenge_id TEXT NOT NULL PRIMARY KEY REFERENCES charge (challenge_id),
  status BIGINT NOT NULL,
  fields TEXT NOT NULL,
  body BYTEA,
  whole SMALLINT NOT NULL CHECK (whole IN (0, 1)),
  receipt TEXT,
  replay_until BIGINT NOT NULL
);
INSERT INTO outcome VALUES('captured',200,replace('content-type:text/plain\n','\n',char(10)),X'6f6b',1,'receipt',1795342500000);
INSERT INTO outcome VALUES('delivered',200,'',NULL,0,'receipt',1795342500000);
CREATE TABLE idempotency (
  scope TEXT NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,
  challenge_id TEXT NOT NULL,
  replay_until BIGINT NOT NULL
);
INSERT INTO idempotency VALUES('scope','content','zero',1795342500000);
CREATE TABLE purge_mark (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  expires BIGINT NOT NULL
);
INSERT INTO purge_mark VALUES(1,0);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('transfer',17);
CREATE INDEX wallet_never_funded ON wallet (created_at) WHERE funded = 0;
CREATE INDEX transfer_of_wallet ON transfer (wallet, seq);
CREATE INDEX charge_open ON charge (hold_until) WHERE state = 'HELD' OR delivery = 'PENDING';
CREATE INDEX charge_kept_short ON charge (expires) WHERE state = 'RELEASED' OR amount = 0;
CREATE INDEX charge_kept_long ON charge (expires) WHERE amount > 0 AND state IN ('CAPTURED', 'REFUNDED');
CREATE INDEX charge_without_money ON charge (wallet) WHERE amount = 0;
CREATE INDEX outcome_retention ON outcome (replay_until);
CREATE INDEX idempotency_retention ON idempotency (replay_until);
COMMIT;
