import ControlPlane
import HTTPFront
import JSON
import Sandboxes
import TestSupport
import Testing

/// Who may do what by the control plane: every route, for every kind of credential.
@Suite struct RightsTests {
    /// Opens the sandbox `default`, or none.
    struct Caller: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: String?
        /// With an admin token, and without one.
        let right: (protected: SandboxRight?, open: SandboxRight?)

        init(_ what: String, _ key: String?, _ protected: SandboxRight?, _ open: SandboxRight?) {
            (testDescription, self.key, right) = (what, key, (protected, open))
        }
    }

    private static func token(_ roles: String, expires: String = "9999999999") -> String {
        let tenant = "\"tid\":\"\(defaultTenant)\",\"exp\":\(expires)"
        return DashboardToken.text(claims: "{\(tenant)\(roles.isEmpty ? "" : ",\"roles\":[\"\(roles)\"]")}")
    }

    private static let defaultTenant =
        (try? StandIn())?.send("GET", "/_understudy/sandbox", key: nil)["tenant_id"]?.string ?? ""

    static let callers: [Caller] = [
        Caller("the admin token", Admin.token, .administer, nil),
        Caller("nobody", nil, .read, .administer),
        Caller("a Neo Admin", StandIn.admin, .administer, .administer),
        Caller("a Neo User", DemoSeed.userKey, .write, .write),
        Caller("a Neo Viewer", DemoSeed.viewerKey, .read, .read),
        Caller("an expired Admin", DemoSeed.expiredNeoKey, .administer, .administer),
        Caller("a revoked Admin", DemoSeed.revokedNeoKey, .moveClock, .moveClock),
        Caller("a Backside key without scopes", DemoSeed.backsideKey, .administer, .administer),
        Caller("a Backside key that reads", DemoSeed.readOnlyKey, .read, .read),
        Caller("a Backside key that writes", DemoSeed.writeOnlyKey, .write, .write),
        Caller("a Backside key of another domain", DemoSeed.otherScopeKey, .read, .read),
        Caller("an expired Backside key", DemoSeed.expiredBacksideKey, .administer, .administer),
        Caller("a revoked Backside key", DemoSeed.revokedBacksideKey, .moveClock, .moveClock),
        Caller("a JWT of an Admin", token("Admin"), .read, .administer),
        Caller("a JWT without a role", token(""), .read, .write),
        Caller("a JWT of a Viewer", token("Viewer"), .read, .read),
        Caller("an expired JWT of an Admin", token("Admin", expires: "1"), .read, .administer),
        Caller("a key of no API", "nobodys-key", nil, nil),
    ]

    /// What makes each right that a route may ask for refuse: the whole message, but for what the caller has.
    private static let refusals: [SandboxRight: String] = [
        .moveClock:
            "This takes the right to move the clock: a credential with the role Admin or User and, if it has scopes, one that ends in :write.",
        .write:
            "This takes the right to write: a credential with the role Admin or User and, if it has scopes, one that ends in :write.",
        .administer: "This takes the right to administer: a credential with the role Admin and without scopes.",
    ]
    private static let verbs: [SandboxRight: String] = [
        .read: "read", .moveClock: "move the clock", .write: "write", .administer: "administer",
    ]

    @Test(arguments: callers, [true, false])
    func everyRouteIsOpenToWhoHasItsRightAndToNobodyElse(caller: Caller, hasToken: Bool) throws {
        let standIn = try StandIn { $0.adminToken = hasToken ? AdminToken(Admin.token) : nil }
        let has = hasToken ? caller.right.protected : caller.right.open
        let isAdmin = caller.key == Admin.token
        // A body that is no object, and a name that nothing has: enough to be let in or not, and nothing changes for the next route.
        for endpoint in standIn.controlEndpoints {
            let target = endpoint.route.path.replacing(/\{\w+\}/, with: "0000000000000000")
            // Waiting would be for nothing.
            let query = endpoint.route.id == "wait_for_requests" ? "?timeout=0.001" : ""
            let answer = standIn.send(
                endpoint.route.method, target + query, key: caller.key,
                body: endpoint.route.method == "GET" || endpoint.route.method == "DELETE" ? nil : "[]")
            let what: Comment = "\(endpoint.route.method) \(target) → \(answer.status) \(answer.text.prefix(300))"
            switch (endpoint.need, has) {
            case (.nothing, _): #expect(answer.status == 200, what)
            case (.right, nil): #expect(answer.status == 401, what)
            case (.right(let needed), let has?):
                #expect((answer.status == 403) == (has < needed), what)
                #expect(answer.status != 401, what)
                if has < needed {
                    let message = "\(Self.refusals[needed] ?? "") The caller has the right to \(Self.verbs[has] ?? "")."
                    #expect(answer["error.message"]?.string == message)
                    #expect(answer.code == "forbidden")
                }
            case (.server(let needed), let has):
                let mayDo = hasToken ? isAdmin : has ?? .administer >= needed
                #expect(![401, 403].contains(answer.status) == mayDo, what)
            }
        }
    }

    @Test func headIsRefusedAsGetIs() throws {
        let standIn = try StandIn { $0.mode = .strict }
        for endpoint in standIn.controlEndpoints where endpoint.route.method == "GET" && endpoint.need != .nothing {
            let target = endpoint.route.path.replacing(/\{\w+\}/, with: "x")
            let statuses = ["GET", "HEAD"].map { method in
                standIn.application.respond(
                    to: HTTPRequest(method, target, fields: [HTTPField("Host", "127.0.0.1:4080")])
                ).status
            }
            #expect(statuses[0] == statuses[1] && [401, 403].contains(statuses[0]), "\(target)")
        }
    }

    @Test func whatTheRightsAreForIsAsTheContractSays() throws {
        let endpoints = try StandIn().controlEndpoints
        #expect(!endpoints.isEmpty)
        let needs = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.route.id, $0.need) })
        for endpoint in endpoints where endpoint.route.method == "GET" {
            #expect([.nothing, .right(.read), .server(.read)].contains(endpoint.need), "\(endpoint.route.id)")
        }
        for endpoint in endpoints where endpoint.route.method != "GET" {
            #expect(![.nothing, .right(.read), .server(.read)].contains(endpoint.need), "\(endpoint.route.id)")
        }
        let administering = needs.filter { $0.value == .right(.administer) }.keys.sorted()
        #expect(
            administering == [
                "add_credential", "delete_credential", "import_sandbox", "patch_credential", "reset_sandbox",
                "restore_snapshot",
            ])
        #expect(
            needs.filter { $0.value == .nothing }.keys.sorted() == ["get_health", "get_metrics", "get_openapi"])
    }

    @Test func aTeardownIsAReset() throws {
        let standIn = try StandIn(seed: .blank)
        let path = "/_understudy/pact/provider-states"
        let body = { (action: String) in #"{"state": "", "action": "\#(action)"}"# }
        #expect(standIn.send("POST", path, key: DemoSeed.userKey, body: body("setup")).status == 200)
        #expect(standIn.send("POST", path, key: DemoSeed.userKey, body: body("teardown")).status == 403)
        #expect(standIn.send("POST", path, key: StandIn.admin, body: body("teardown")).status == 200)
    }

    /// Who knows a sandbox's name has no more rights there than by the credential alone.
    @Test func namingASandboxGivesNoRights() throws {
        let standIn = try StandIn()
        let own = try #require(standIn.sandbox(of: StandIn.neoKey))
        let reset = { (key: String?, name: String) in
            standIn.send("POST", "/_understudy/sandbox/reset", key: key, fields: Admin.naming(name)).status
        }
        #expect(reset(DemoSeed.viewerKey, "default") == 403)
        #expect(reset(DemoSeed.viewerKey, own) == 403)
        #expect(reset(DemoSeed.revokedNeoKey, own) == 403)
        for key in [nil, StandIn.admin, "neo_sk_test_stranger"] { #expect(reset(key, own) == 200) }
    }

    @Test func anAdvancePastItsExpiryLocksNobodyOut() throws {
        let standIn = try StandIn()
        // 2026-03-02T12:00:00Z
        let key = DashboardToken.text(
            claims: #"{"tid":"6f1c2b1e-0000-4000-8000-000000000001","exp":1772452800,"roles":["Admin"]}"#)
        #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 200)
        #expect(
            standIn.send("POST", "/_understudy/clock/advance", key: key, body: #"{"seconds": 86400}"#).status == 200)
        #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 401)
        #expect(
            standIn.send("PATCH", "/_understudy/clock", key: key, body: #"{"now": "2026-03-02T09:00:00Z"}"#).status
                == 200)
        #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 200)
        standIn.send("POST", "/_understudy/clock/advance", key: key, body: #"{"seconds": 86400}"#)
        #expect(standIn.send("POST", "/_understudy/sandbox/reset", key: key).status == 200)
        #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 200)
    }

    /// On the emulated API too, a JWT only reads there.
    @Test(arguments: [true, false])
    func aForgedTokenWritesDefaultOnlyWhereNothingProtectsIt(hasToken: Bool) throws {
        let standIn = try StandIn { $0.adminToken = hasToken ? AdminToken(Admin.token) : nil }
        let forged = Self.token("Admin")
        #expect(standIn.send("GET", "/public-api/backfills", key: forged).status == 200)
        let statuses = [
            standIn.send("POST", "/public-api/backfills", key: forged, body: createBody()).status,
            standIn.send("POST", "/_understudy/sandbox/reset", key: forged).status,
            standIn.send("PUT", "/_understudy/sandbox/import", key: forged, body: "{}").status,
            standIn.send("POST", "/_understudy/sandbox/reset", key: nil).status,
            standIn.send("PUT", "/_understudy/sandbox/import", key: nil, body: "{}").status,
        ]
        #expect(statuses == (hasToken ? [403, 403, 403, 403, 403] : [201, 200, 200, 200, 200]))
        // Its own tenant's sandbox is its own.
        let own = DashboardToken.text(claims: #"{"tid":"t","exp":9999999999,"roles":["Admin"]}"#)
        #expect(standIn.send("POST", "/_understudy/sandbox/reset", key: own).status == 200)
    }
}
