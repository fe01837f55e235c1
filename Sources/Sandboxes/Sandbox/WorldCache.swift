/// What a module has found out about a world's contents. It is dropped when these are replaced; whatever else changes
/// what it says has to say so itself.
package protocol WorldCache: AnyObject {
    /// One that knows nothing.
    init()
}

extension World {
    /// A module's cache, of which there is one of each type.
    package func cache<Cache: WorldCache>(_ type: Cache.Type) -> Cache {
        for cache in caches { if let found = cache as? Cache { return found } }
        let made = Cache()
        caches.append(made)
        return made
    }

    /// Forgets all that was found out about contents that are gone.
    func forgetContents() {
        caches = []
        knownDue.forgetAll()
        rules = RuleShelf()
    }
}
