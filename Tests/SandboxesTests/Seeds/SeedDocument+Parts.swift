@testable import Backside
@testable import Neo
import Sandboxes

extension SeedDocument {
    var neo: NeoSeed { part(NeoSeed.self) ?? NeoSeed() }
    var backside: BacksideSeed { part(BacksideSeed.self) ?? BacksideSeed() }
}
