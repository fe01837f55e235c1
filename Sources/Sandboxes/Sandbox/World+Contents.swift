extension World {
    /// How many things of each kind the sandbox holds, in the order of the modules'.
    package func counts() throws -> [(name: String, count: Int64)] {
        try settings.modules.counts.map { ($0.name, try database.number($0.query)) }
    }

    /// What the metrics are to say of this sandbox, in the order of the modules' figures.
    func figures() throws -> [Int64] { try settings.modules.figures.map { try database.number($0.query) } }
}
