import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

extension Backfills {
    /// `POST …/pause`, `…/resume`, `…/cancel`: 202, also when the signal changes nothing (documented for pause). The
    /// row follows at the next tick.
    static func signal(_ kind: BackfillSignal.Kind) -> @Sendable (Call) throws -> HTTPResponse {
        { call in
            let backfill = try existing(call)
            guard !backfill.state.isTerminal else { throw NeoRefusal.notActive(state: backfill.state.stored) }
            try call.world.insert(BackfillSignal(kind, sentAt: call.now), for: backfill)
            return Envelope.success(202, call.answer) { writer in
                writer.beginObject()
                writer.key("backfill_id")
                writer.string(backfill.id)
                writer.key("signal")
                writer.string(kind.rawValue)
                writer.key("message")
                writer.string(
                    "The signal \(kind.rawValue) was received; it takes effect at the next tick, within 30 seconds.")
                writer.endObject()
            }
        }
    }

    /// `POST /public-api/backfills/verify`: counts what a filter matches and classifies the count; creates nothing.
    ///
    /// Choice: the field `status`, and where ERROR, OK and WARNING begin (docs/FIDELITY.md, "Verify").
    static let verify: @Sendable (Call) throws -> HTTPResponse = { call in
        let body = try RequestBody(call.request)
        var fields = FieldReader(body.object)
        let entityType = EntityType(fields.required("entity_type"), &fields)
        let filterSpec = CreateBackfillRequest.filterSpec(&fields)
        guard fields.violations.isEmpty, let entityType, let filterSpec else {
            throw NeoRefusal.invalid(fields.violations)
        }
        let filter = try filter(filterSpec)
        let count = try entities(ofType: entityType.rawValue, matching: filter, in: call.world).count
        let (status, message) =
            switch count {
            case 0: ("ERROR", "The filter matches no entity.")
            case 1...warningThreshold: ("OK", "The filter matches \(count) entities.")
            default: ("WARNING", "The filter matches \(count) entities, more than \(warningThreshold).")
            }
        return Envelope.success(200, call.answer, warnings: filter.warnings) { writer in
            writer.beginObject()
            writer.key("success")
            writer.bool(count > 0)
            writer.key("status")
            writer.string(status)
            writer.key("matching_entities")
            writer.integer(count)
            writer.key("message")
            writer.string(message)
            writer.endObject()
        }
    }

    private static let warningThreshold = 1_000
}
