/// Neo's tables.
enum NeoSchema {
    static let migrations: [StaticString] = [migration1, migration2]

    private static let migration1: StaticString = """
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
        """

    /// Times of work count from the start of the sandbox's clock.
    private static let migration2: StaticString = """
        UPDATE backfill SET
            created_at = created_at - sandbox.clock_start,
            started_at = started_at - sandbox.clock_start,
            completed_at = completed_at - sandbox.clock_start,
            ticked_at = ticked_at - sandbox.clock_start,
            due_at = due_at - sandbox.clock_start
            FROM sandbox;
        UPDATE backfill_signal SET sent_at = sent_at - sandbox.clock_start FROM sandbox;
        UPDATE execution SET
            created_at = created_at - sandbox.clock_start,
            ends_at = ends_at - sandbox.clock_start
            FROM sandbox;
        """
}
