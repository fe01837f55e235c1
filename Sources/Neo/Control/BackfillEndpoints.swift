import ControlPlane
import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/backfills/{id}`: puts a backfill into a state by hand.
struct BackfillEndpoints: EndpointGroup {
    var endpoints: [Endpoint] {
        [
            Endpoint(
                "patch_backfill", "PATCH", "/_understudy/backfills/{id}", .sandbox(.write, correct), takesLong: true)
        ]
    }

    /// Answers the backfill as it is then.
    private func correct(_ call: ControlCall) throws -> HTTPResponse {
        let correction = try BackfillCorrection(RequestBody(call.request))
        guard let backfill = try Self.correct(call.parameter, by: correction, in: call.world) else {
            throw ControlRefusal.notFound(what: "backfill \(call.parameter)")
        }
        var writer = JSONWriter()
        writer.backfill(backfill)
        return HTTPResponse(200, json: writer.bytes)
    }

    private static func correct(_ id: String, by correction: BackfillCorrection, in world: World) throws -> Backfill? {
        let now = world.now
        try world.advance(to: now)
        do {
            return try world.transaction { try world.correct(backfill: id, by: correction, at: now) }
        } catch let refusal as BackfillCorrectionRefusal {
            throw ControlRefusal.conflict(reason: reason(of: refusal))
        } catch let other as World.OtherActive {
            throw ControlRefusal.conflict(
                reason: "The backfill \(other.backfillID) of the same workflow is active: end it first.")
        }
    }

    private static func reason(of refusal: BackfillCorrectionRefusal) -> String {
        switch refusal {
        case .settled(let succeeded, let failed):
            "\(succeeded) entities have succeeded and \(failed) have failed already: a count cannot be less."
        case .tooMany(let left): "Only \(left) entities are left to be settled: the counts ask for more."
        case .incomplete(let left): "The counts leave \(left) entities over: a COMPLETED backfill has none left."
        case .draftWithWork: "A DRAFT has dispatched nothing yet: give another state."
        }
    }
}

extension BackfillCorrection {
    /// Reads the members; throws all violations at once.
    fileprivate init(_ body: RequestBody) throws(ControlRefusal) {
        self.init()
        var fields = FieldReader(body.object)
        if let name = fields.string("state", body.object["state"]) {
            state = BackfillRunState.allCases.first { $0.stored == name }
            if state == nil {
                let known = BackfillRunState.allCases.map(\.stored).joined(separator: ", ")
                fields.report("state", "must be one of \(known)")
            }
        }
        let counts: ClosedRange<Int64> = 0...Int64(Int32.max)
        succeededCount = fields.integer("succeeded_count", body.object["succeeded_count"], in: counts).map { Int($0) }
        failedCount = fields.integer("failed_count", body.object["failed_count"], in: counts).map { Int($0) }
        if let node = body.object["error"] {
            error = .some(node.isNull ? nil : fields.string("error", node))
        }
        fields.refuseAll(but: ["state", "succeeded_count", "failed_count", "error"])
        if !fields.violations.isEmpty { throw .invalid(fields.violations) }
    }
}
