/// A scenario or a fault, as far as it is kept by its name.
protocol NamedRule {
    var name: String { get }
    /// The rule as it was written, without white space.
    var text: String { get }
}

/// Rules of one kind, read once and then changed as their table is: one at a time.
///
/// What a transaction has changed can be undone, at the cost of what it was.
struct KnownRules<Rule: NamedRule> {
    private enum Change {
        case appended
        case removed(Rule, index: Int)
        case changed(from: Rule, index: Int)
    }

    /// In the order in which they were written.
    private(set) var all: [Rule]
    /// How many bytes all their texts have.
    private(set) var bytes: Int
    private var changes: [Change] = []
    /// Whether what happens may have to be undone.
    private var isUndoable: Bool

    init(_ rules: [Rule], isUndoable: Bool) {
        all = rules
        bytes = rules.reduce(0) { $0 + $1.text.utf8.count }
        self.isUndoable = isUndoable
    }

    func index(of name: String) -> Int? { all.firstIndex { $0.name == name } }

    mutating func append(_ rule: Rule) {
        all.append(rule)
        bytes += rule.text.utf8.count
        note(.appended)
    }

    mutating func remove(at index: Int) {
        let removed = all.remove(at: index)
        bytes -= removed.text.utf8.count
        note(.removed(removed, index: index))
    }

    /// Changes a rule's counts.
    mutating func change(at index: Int, _ change: (inout Rule) -> Void) {
        let before = all[index]
        change(&all[index])
        note(.changed(from: before, index: index))
    }

    private mutating func note(_ change: Change) { if isUndoable { changes.append(change) } }

    /// From now on what happens can be undone, until ``settle()``.
    mutating func begin() { isUndoable = true }

    mutating func settle() {
        isUndoable = false
        changes = []
    }

    /// Makes everything as it was when that began.
    mutating func undo() {
        while let change = changes.popLast() {
            switch change {
            case .appended: bytes -= all.removeLast().text.utf8.count
            case .removed(let rule, let index):
                all.insert(rule, at: index)
                bytes += rule.text.utf8.count
            case .changed(let rule, let index): all[index] = rule
            }
        }
        isUndoable = false
    }
}

/// A sandbox's scenarios and faults in memory; nil when they must be read again.
struct RuleShelf {
    var scenarios: KnownRules<Scenario>?
    var faults: KnownRules<Fault>?
    /// Whether they were forgotten within a transaction, so that what was read since cannot be undone.
    private var isForgotten = false

    /// From now on what happens to them can be undone.
    mutating func begin() {
        scenarios?.begin()
        faults?.begin()
    }

    mutating func settle() {
        scenarios?.settle()
        faults?.settle()
        isForgotten = false
    }

    /// Makes them as they were when that began.
    mutating func undo() {
        if isForgotten { self = RuleShelf() }
        scenarios?.undo()
        faults?.undo()
    }

    /// Forgets them within a transaction.
    mutating func forget() {
        self = RuleShelf()
        isForgotten = true
    }
}

/// How many rules a sandbox keeps, and how large they may be.
enum RuleBounds {
    // Choice: both bounds (docs/FIDELITY.md, "Scenarios").
    /// The most scenarios, and the most faults.
    static let most = 1_000
    /// The most bytes of scenarios and faults together, as they are kept: without white space.
    static let mostBytes = 8 << 20

    static let tooManyBytes = "makes scenarios and faults larger than \(mostBytes) bytes together"

    static func tooMany(_ kind: String) -> String { "is one too many: there are \(most) \(kind) already" }
}

extension World {
    /// Refuses one more rule of a kind, or one so large, when the sandbox has no room for it.
    ///
    /// - Parameter replaced: The text of the rule that goes for it; nil when it is new.
    func requireRoom(
        for text: String, insteadOf replaced: String?, among count: Int, kind: String
    ) throws {
        if replaced == nil, count >= RuleBounds.most {
            throw SeedRefusal(problems: [SeedProblem(place: "name", message: RuleBounds.tooMany(kind))])
        }
        let bytes = try knownScenarios().bytes + knownFaults().bytes
        if bytes + text.utf8.count - (replaced?.utf8.count ?? 0) > RuleBounds.mostBytes {
            throw SeedRefusal(problems: [SeedProblem(place: "", message: RuleBounds.tooManyBytes)])
        }
    }
}
