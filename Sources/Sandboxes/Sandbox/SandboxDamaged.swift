/// A database that is no sandbox's.
package struct SandboxDamaged: Error, CustomStringConvertible {
    package let reason: String

    package init(reason: String) { self.reason = reason }

    package var description: String { "not a sandbox's database: \(reason)" }
}
