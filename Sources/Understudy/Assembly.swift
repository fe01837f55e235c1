import BacksideAPI
import ControlPlane
import Emulation
package import HTTPFront
import Logging
import NeoAPI
package import Sandboxes
import Simulation

/// Everything put together but the socket: what ``Understudy`` serves, and what tests ask without one.
package struct Assembly: Sendable {
    package let directory: SandboxDirectory
    package let application: any HTTPApplication

    /// - Throws: `CannotStore`, `SeedRefusal` or `NoTimeZones`.
    package init(_ configuration: Understudy.Configuration) throws {
        guard Zone.systemZonesAvailable() else { throw NoTimeZones() }
        let logger = configuration.logger
        var sandboxes = SandboxConfiguration(
            seed: try configuration.seed.document(),
            freshSeed: try (configuration.freshSeed ?? configuration.seed.freshDefault).document(),
            machine: configuration.machine)
        sandboxes.mode = configuration.mode
        sandboxes.dataFolder = configuration.dataFolder
        sandboxes.maximumSandboxes = configuration.maximumSandboxes
        sandboxes.clockMode = configuration.clockMode
        sandboxes.clockSpeed = configuration.clockSpeed
        sandboxes.seedIsPublished = configuration.seed.isBuiltIn
        sandboxes.notice = { logger.notice("\($0)") }
        let directory = try SandboxDirectory(sandboxes)
        self.directory = directory

        let failed: @Sendable (String, any Error) -> Void = { requestID, error in
            logger.error("request \(requestID) failed: \(error)")
        }
        var pipeline = PipelineConfiguration(
            requestID: RandomSource.uuid, steadySeconds: Monotonic.seconds, failed: failed)
        pipeline.rateLimiting = configuration.rateLimiting
        let keepsStrays = configuration.mode == .open
        let journals =
            configuration.journalEntries > 0
            ? RequestJournals(
                limits: JournalLimits(entries: configuration.journalEntries), keepsStrays: keepsStrays,
                machine: configuration.machine, steadySeconds: Monotonic.seconds) : nil
        pipeline.journals = journals
        pipeline.checksContract = configuration.checksContract
        pipeline.warned = { logger.warning("\($0)") }
        // A further API is a further element.
        let apis: [any EmulatedAPI] = [NeoAPI(), BacksideAPI()]
        var control = ControlPlaneConfiguration(
            version: Understudy.version, mode: configuration.mode,
            isLoopback: ControlPlane.isLoopback(host: configuration.http.host),
            steadySeconds: Monotonic.seconds, requestID: RandomSource.uuid, failed: failed)
        control.journals = journals
        control.checksContract = configuration.checksContract
        let controlPlane = ControlPlane(directory: directory, apis: apis, configuration: control)
        application = Application(
            pipelines: apis.map { Pipeline($0, directory: directory, configuration: pipeline) },
            controlPlane: controlPlane)
    }
}
