/// Backside's tables.
enum BacksideSchema {
    static let migrations: [StaticString] = [migration1, migration2]

    private static let migration1: StaticString = """
        CREATE TABLE agent_script (
            agent_kind TEXT PRIMARY KEY NOT NULL,
            script TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE agent_config (
            agent_kind TEXT PRIMARY KEY NOT NULL,
            id TEXT NOT NULL UNIQUE,
            budget_default_cents INTEGER CHECK (budget_default_cents >= 0),
            deadline_default_seconds INTEGER CHECK (deadline_default_seconds >= 1),
            guardrails TEXT NOT NULL,
            schedule TEXT,
            byok_status TEXT NOT NULL CHECK (byok_status IN ('inactive', 'active', 'auth_failed', 'revoked')),
            byok_status_reason TEXT,
            byok_last_probed_at INTEGER,
            consecutive_failures INTEGER NOT NULL CHECK (consecutive_failures >= 0),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            agent_kind TEXT NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
            input TEXT NOT NULL,
            output TEXT,
            consecutive_failures INTEGER NOT NULL CHECK (consecutive_failures >= 0),
            cost_usd_cents INTEGER NOT NULL CHECK (cost_usd_cents >= 0),
            platform_fee_cents INTEGER NOT NULL,
            budget_usd_cents INTEGER CHECK (budget_usd_cents >= 0),
            deadline_at INTEGER,
            failure_category TEXT,
            failure_detail TEXT,
            run_at INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL,
            deadline_seconds INTEGER CHECK (deadline_seconds >= 1),
            script TEXT,
            due_at INTEGER,
            created_at INTEGER NOT NULL UNIQUE,
            updated_at INTEGER NOT NULL,
            CHECK (due_at IS NULL OR status IN ('queued', 'running', 'waiting'))
        ) STRICT;
        CREATE INDEX run_newest ON run (agent_kind, created_at);
        CREATE INDEX run_newest_by_status ON run (agent_kind, status, created_at);
        CREATE INDEX run_due ON run (due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE run_step (
            run INTEGER NOT NULL REFERENCES run (row),
            seq INTEGER NOT NULL CHECK (seq >= 1),
            kind TEXT NOT NULL CHECK (kind IN ('llm', 'tool')),
            name TEXT NOT NULL,
            input TEXT NOT NULL,
            output TEXT,
            model TEXT,
            input_tokens INTEGER, output_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER,
            cost_usd_cents INTEGER,
            started_at INTEGER NOT NULL,
            completed_at INTEGER,
            PRIMARY KEY (run, seq)
        ) STRICT, WITHOUT ROWID;
        """

    /// Times of work count from the start of the sandbox's clock. `created_at` is unique at every step: it is first
    /// moved to where no time is.
    private static let migration2: StaticString = """
        UPDATE run SET created_at = created_at + 2000000000000000000;
        UPDATE run SET
            deadline_at = deadline_at - sandbox.clock_start,
            run_at = run_at - sandbox.clock_start,
            enqueued_at = enqueued_at - sandbox.clock_start,
            due_at = due_at - sandbox.clock_start,
            created_at = created_at - 2000000000000000000 - sandbox.clock_start,
            updated_at = updated_at - sandbox.clock_start
            FROM sandbox;
        UPDATE run_step SET
            started_at = started_at - sandbox.clock_start,
            completed_at = completed_at - sandbox.clock_start
            FROM sandbox;
        """
}
