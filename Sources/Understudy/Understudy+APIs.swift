import Backside
package import ControlPlane
import EmbeddedDocuments
import Emulation
import Neo
package import Sandboxes

// Where the program is put together: the one place that names the APIs.
extension Understudy {
    /// The APIs that are stood in for. A further one is a further element.
    package static let apis: [any ControlledAPI] = [NeoAPI(), BacksideAPI()]

    /// What these keep in sandboxes.
    package static let modules = modules(apis)

    /// What such APIs keep in sandboxes.
    static func modules(_ apis: [any ControlledAPI]) -> Modules {
        Modules(apis, prepared: apis.map(\.name) == Self.apis.map(\.name) ? preparedSeeds : [:])
    }

    /// `seed-data/*.head.json` and `seed-data/*.sqlite`, which `make seeds` writes for these APIs.
    private static let preparedSeeds: [BuiltInSeed: PreparedSeed] = [
        .blank: PreparedSeed(
            head: ConstantBytes(understudy_head_blank_start(), count: understudy_head_blank_size),
            database: ConstantBytes(understudy_database_blank_start(), count: understudy_database_blank_size)),
        .demo: PreparedSeed(
            head: ConstantBytes(understudy_head_demo_start(), count: understudy_head_demo_size),
            database: ConstantBytes(understudy_database_demo_start(), count: understudy_database_demo_size)),
    ]
}
