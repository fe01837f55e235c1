package import SQLite

/// The schema of a sandbox's database: numbered migrations, each in its own transaction, never edited once released.
///
/// The schema guards the rules a second time: enums and sums by CHECK, one active backfill per workflow by a unique
/// partial index. Instants are INTEGER microseconds since 1970, free-form JSON is TEXT.
///
/// What is written often is not checked by IN: for more than two values SQLite makes a table of them at every check.
package enum Schema {
    /// A database that this program must not touch.
    package enum Refusal: Error, Equatable {
        case newerVersion(found: Int64, known: Int64)
    }

    static let migrations: [StaticString] = [migration1]

    /// Brings a database to the newest version; refuses one that a newer program has written.
    package static func migrate(_ database: Database) throws { try migrate(database, by: migrations) }

    /// The same for a database with a schema of its own.
    static func migrate(_ database: Database, by migrations: [StaticString]) throws {
        let found = try version(of: database)
        let known = Int64(migrations.count)
        guard found <= known else { throw Refusal.newerVersion(found: found, known: known) }
        for version in found..<known {
            try database.transaction {
                try database.execute(script: "\(migrations[Int(version)])")
                try database.execute(script: "PRAGMA user_version = \(version + 1)")
            }
        }
    }

    /// How many migrations a database has had; 0 is also what another program's has.
    static func version(of database: Database) throws -> Int64 {
        let statement = try database.statement("PRAGMA user_version")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    private static let migration1: StaticString = """
        CREATE TABLE sandbox (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            tenant_id TEXT NOT NULL,
            random_seed INTEGER NOT NULL,
            random_position INTEGER NOT NULL,
            rate_limit_plan TEXT NOT NULL CHECK (rate_limit_plan IN ('free', 'pro', 'scale')),
            clock_mode TEXT NOT NULL CHECK (clock_mode IN ('real', 'manual', 'poll')),
            clock_speed REAL NOT NULL CHECK (clock_speed > 0),
            clock_start INTEGER NOT NULL,
            clock_now INTEGER NOT NULL,
            clock_read_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE agent (
            id INTEGER PRIMARY KEY CHECK (id >= 0),
            name TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('ENABLED', 'DISABLED')),
            autonomy_type TEXT NOT NULL CHECK (autonomy_type IN ('CHAINED_ACTIONS', 'AGENTIC', 'CONVERSATIONAL')),
            entity_type TEXT NOT NULL,
            trigger_type TEXT NOT NULL CHECK (trigger_type IN ('TRIGGERED', 'SCHEDULED', 'NONE')),
            access TEXT NOT NULL CHECK (access IN ('ALL_USERS', 'ADMINS_ONLY', 'SPECIFIC_USERS')),
            audience TEXT NOT NULL CHECK (audience IN ('MSP', 'END_USER')),
            credits_per_entity INTEGER NOT NULL CHECK (credits_per_entity BETWEEN 1 AND 3),
            actions TEXT, agent_settings TEXT, toolbox TEXT, integrations TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE agent_version (
            agent_id INTEGER NOT NULL REFERENCES agent (id),
            version_timestamp INTEGER NOT NULL,
            differences TEXT NOT NULL,
            PRIMARY KEY (agent_id, version_timestamp)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE entity (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            type TEXT NOT NULL,
            number TEXT,
            fields TEXT NOT NULL,
            duration INTEGER NOT NULL CHECK (duration >= 0),
            failing_attempts INTEGER NOT NULL CHECK (failing_attempts >= -1)
        ) STRICT;
        CREATE INDEX entity_by_type ON entity (type, row);

        CREATE TABLE backfill (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            target_workflow_id INTEGER NOT NULL REFERENCES agent (id),
            entity_type TEXT NOT NULL,
            filter_spec TEXT NOT NULL,
            daily_execution_windows TEXT NOT NULL,
            timezone TEXT NOT NULL,
            max_in_flight INTEGER NOT NULL CHECK (max_in_flight BETWEEN 1 AND 10),
            total_estimated INTEGER CHECK (total_estimated >= 0),
            state TEXT NOT NULL,
            processed_count INTEGER NOT NULL,
            succeeded_count INTEGER NOT NULL CHECK (succeeded_count >= 0),
            failed_count INTEGER NOT NULL CHECK (failed_count >= 0),
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            completed_at INTEGER,
            created_by TEXT NOT NULL,
            error TEXT,
            parent_backfill_run_id TEXT,
            entity_count INTEGER NOT NULL CHECK (entity_count >= 0),
            next_entity INTEGER NOT NULL CHECK (next_entity BETWEEN 0 AND entity_count),
            ticked_at INTEGER,
            due_at INTEGER,
            effects TEXT,
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            CHECK (processed_count = succeeded_count + failed_count),
            CHECK (CASE state
                WHEN 'DRAFT' THEN completed_at IS NULL
                WHEN 'RUNNING' THEN completed_at IS NULL
                WHEN 'PAUSED' THEN completed_at IS NULL
                WHEN 'COMPLETED' THEN completed_at IS NOT NULL
                WHEN 'CANCELLED' THEN completed_at IS NOT NULL
                WHEN 'FAILED' THEN completed_at IS NOT NULL
                ELSE FALSE END)
        ) STRICT;
        CREATE UNIQUE INDEX backfill_one_active ON backfill (target_workflow_id) WHERE completed_at IS NULL;
        CREATE INDEX backfill_newest ON backfill (created_at, row);
        CREATE INDEX backfill_due ON backfill (due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE backfill_entities (
            piece INTEGER PRIMARY KEY,
            ids TEXT NOT NULL
        ) STRICT;

        CREATE TABLE backfill_signal (
            backfill INTEGER NOT NULL REFERENCES backfill (row),
            position INTEGER NOT NULL,
            signal TEXT NOT NULL CHECK (signal = 'pause' OR signal = 'resume' OR signal = 'cancel'),
            sent_at INTEGER NOT NULL,
            PRIMARY KEY (backfill, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE execution (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            agent_id INTEGER NOT NULL REFERENCES agent (id),
            entity_id TEXT NOT NULL,
            entity_number TEXT,
            backfill INTEGER REFERENCES backfill (row),
            position INTEGER,
            created_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL CHECK (ends_at >= created_at),
            outcome TEXT NOT NULL CHECK (outcome IN ('SUCCESS', 'FAILED')),
            message_for_dashboard TEXT,
            error TEXT
        ) STRICT;
        CREATE INDEX execution_by_entity ON execution (agent_id, entity_id, ends_at);
        CREATE INDEX execution_by_backfill ON execution (backfill, position);
        CREATE INDEX execution_by_entity_number ON execution (entity_number);
        CREATE INDEX execution_by_end ON execution (ends_at);
        CREATE INDEX execution_newest ON execution (created_at, backfill, position, row);

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

        CREATE TABLE scenario (
            name TEXT PRIMARY KEY NOT NULL,
            resource TEXT NOT NULL CHECK (resource IN ('backfill', 'run')),
            document TEXT NOT NULL,
            times INTEGER CHECK (times >= 1),
            used INTEGER NOT NULL CHECK (used >= 0),
            written INTEGER NOT NULL UNIQUE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE fault (
            name TEXT PRIMARY KEY NOT NULL,
            document TEXT NOT NULL,
            times INTEGER CHECK (times >= 1),
            matched INTEGER NOT NULL CHECK (matched >= 0),
            used INTEGER NOT NULL CHECK (used BETWEEN 0 AND matched),
            written INTEGER NOT NULL UNIQUE,
            CHECK (used <= times)
        ) STRICT, WITHOUT ROWID;
        """
}
