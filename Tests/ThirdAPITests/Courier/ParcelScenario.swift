import JSON
import Sandboxes

/// What a scenario says of parcels: `{"when": {"parcel_to": "…"?}, "then": {"lost_after": 15}}`.
///
/// The names of its members are its own: no other API may use them.
struct ParcelScenario: ScenarioSubject {
    static let resource = "parcel"
    static let plural = "parcels"
    static let selectors = ["parcel_to"]
    static let effects = ["lost_after"]

    /// The parcels to there; nil is all of them.
    private var recipient: String?
    /// In seconds.
    private(set) var lostAfter: Int64?

    init() {}

    /// Reads what was stored, and so was right once.
    init(when: JSONObject, then: JSONObject) {
        recipient = when["parcel_to"]?.string
        lostAfter = then["lost_after"]?.integer
    }

    /// Reads what somebody has written, and reports what is wrong with it.
    mutating func readWhen(_ fields: inout SeedFields) {
        if fields.node("parcel_to") != nil { recipient = fields.name("parcel_to") }
    }

    mutating func readThen(_ fields: inout SeedFields) {
        if fields.node("lost_after") != nil { lostAfter = fields.integer("lost_after", in: SeedFields.wholeSeconds) }
    }

    fileprivate func isFor(_ recipient: String) -> Bool { self.recipient == nil || self.recipient == recipient }
}

extension World {
    /// The newest scenario that matches a new parcel, by which it is used once more. Only inside the transaction that
    /// accepts the parcel.
    func useScenario(parcelTo recipient: String) throws -> ParcelScenario? {
        try useScenario(ParcelScenario.self) { $0.isFor(recipient) }
    }
}
