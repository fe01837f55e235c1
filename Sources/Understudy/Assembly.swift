package import ControlPlane
import Emulation
package import HTTPFront
import Logging
package import Sandboxes
import Time

/// Everything put together but the socket: what ``Understudy`` serves, and what tests ask without one.
package struct Assembly: Sendable {
    package let directory: SandboxDirectory
    package let application: any HTTPApplication
    package let controlPlane: ControlPlane

    /// - Throws: `CannotStore`, `SeedRefusal` or `NoTimeZones`.
    package init(_ configuration: Understudy.Configuration) throws {
        guard Zone.systemZonesAvailable() else { throw NoTimeZones() }
        let logger = configuration.logger
        let apis = configuration.apis
        let modules = Understudy.modules(apis)
        let seed = try configuration.seed.read(for: apis, modules)
        var sandboxes = SandboxConfiguration(
            modules: modules, seed: seed,
            freshSeed: try configuration.freshSeed?.read(for: apis, modules) ?? seed.freshDefault,
            machine: configuration.machine)
        sandboxes.mode = configuration.mode
        sandboxes.dataFolder = configuration.dataFolder
        sandboxes.maximumSandboxes = configuration.maximumSandboxes
        sandboxes.clockMode = configuration.clock.flatMap { SandboxClock.Mode(rawValue: $0.rawValue) }
        sandboxes.clockSpeed = configuration.clockSpeed
        sandboxes.threads = configuration.http.threads
        sandboxes.memory = MemoryBudget(limit: configuration.memoryLimit ?? MachineMemory.defaultLimit())
        sandboxes.sandboxLimit = configuration.sandboxLimit
        sandboxes.notice = { logger.notice("\($0)") }
        sandboxes.protectsDefault = configuration.adminToken != nil
        let directory = try SandboxDirectory(sandboxes)
        self.directory = directory

        let seconds = Int(configuration.machine().microseconds / 1_000_000)
        if let warning = configuration.http.tls?.warning(at: seconds) { logger.warning("\(warning)") }

        let failed: @Sendable (String, any Error) -> Void = { requestID, error in
            logger.error("request \(requestID) failed: \(error)")
        }
        var limits = JournalLimits(entries: configuration.journalEntries)
        // Where there is little memory, most of it is for sandboxes.
        limits.totalBytes = min(limits.totalBytes, sandboxes.memory.limit / 4)
        var pipeline = PipelineConfiguration(
            requestID: RandomSource.uuid, steadySeconds: Monotonic.seconds, failed: failed)
        pipeline.rateLimiting = configuration.rateLimiting
        pipeline.honorsPrefer = configuration.honorsPrefer
        let keepsStrays = configuration.mode == .open
        let journals =
            configuration.journalEntries > 0
            ? RequestJournals(
                limits: limits, keepsStrays: keepsStrays,
                memory: sandboxes.memory,
                machine: configuration.machine, steadySeconds: Monotonic.seconds) : nil
        pipeline.journals = journals
        pipeline.checksContract = configuration.checksContract
        pipeline.warned = { logger.warning("\($0)") }
        var control = ControlPlaneConfiguration(
            version: Understudy.version, mode: configuration.mode,
            freshSecret: RandomSource.secret, steadySeconds: Monotonic.seconds, requestID: RandomSource.uuid,
            failed: failed)
        control.adminToken = configuration.adminToken
        control.allowedHosts = configuration.allowedHosts
        control.isEncrypted = configuration.http.tls != nil
        control.isOn = configuration.hasControlPlane
        control.releaseMemory = { Understudy.giveMemoryBack() }
        control.journals = journals
        // An export is a little larger than its database.
        control.seedLimit = max(
            control.seedLimit, configuration.sandboxLimit.multipliedReportingOverflow(by: 2).partialValue)
        control.checksContract = configuration.checksContract
        let names = apis.map(\.name) + ["control-plane"]
        let requests = RequestMetrics(apis: names.count)
        let figures = ServerFigures(
            requests: requests, apis: names, directory: directory, journal: { journals?.totals ?? (0, 0) })
        control.metrics = figures.text
        controlPlane = ControlPlane(directory: directory, apis: apis, configuration: control)
        application = Application(
            pipelines: apis.map { Pipeline($0, directory: directory, configuration: pipeline) },
            controlPlane: controlPlane, allowsCrossOrigin: configuration.allowsCrossOrigin,
            observer: RequestObserver(
                metrics: requests, logger: logger, apis: names, secrets: apis.flatMap(\.keys.prefixes)))
    }
}
