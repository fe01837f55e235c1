extension SandboxRegister {
    /// The first is also what a register has that was written before migrations were counted.
    static let migrations: [StaticString] = [migration1, migration2, migration3, migration4]

    private static let migration1: StaticString = """
        CREATE TABLE IF NOT EXISTS credential (
            digest BLOB PRIMARY KEY NOT NULL,
            sandbox TEXT NOT NULL,
            tenant_id TEXT NOT NULL,
            label TEXT NOT NULL,
            masked TEXT NOT NULL
        ) STRICT;
        """

    private static let migration2: StaticString = """
        ALTER TABLE credential ADD COLUMN role TEXT NOT NULL DEFAULT 'Admin';
        ALTER TABLE credential ADD COLUMN scopes TEXT;
        ALTER TABLE credential ADD COLUMN expires_at INTEGER;
        ALTER TABLE credential ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1));
        ALTER TABLE credential ADD COLUMN granted INTEGER NOT NULL DEFAULT 0 CHECK (granted IN (0, 1));
        CREATE INDEX credential_by_sandbox ON credential (sandbox);
        CREATE TABLE sandbox (
            name TEXT PRIMARY KEY NOT NULL,
            tenant_id TEXT NOT NULL,
            recipe TEXT
        ) STRICT, WITHOUT ROWID;
        """

    private static let migration3: StaticString = """
        CREATE TABLE unfinished (sandbox TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
        """

    private static let migration4: StaticString = """
        ALTER TABLE credential ADD COLUMN origin TEXT NOT NULL DEFAULT 'first_use'
            CHECK (origin IN ('seed', 'admin', 'attached', 'first_use'));
        UPDATE credential SET origin = 'attached' WHERE granted = 1;
        ALTER TABLE credential DROP COLUMN granted;
        CREATE TABLE deleted (
            number INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            sandbox TEXT NOT NULL,
            stays INTEGER NOT NULL CHECK (stays IN (0, 1))
        ) STRICT;
        """
}
