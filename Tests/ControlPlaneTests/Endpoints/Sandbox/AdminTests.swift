import ControlPlane
import HTTPFront
import JSON
import TestSupport
import Testing

@Suite struct AdminTests {
    @Test(arguments: [
        "", "short", "123456789012345", "with a space in it", "ein-Schlüssel-mit-Umlaut", "a-tab\tin-it-is-none",
    ])
    func aTokenThatIsShortOrCannotBeSentIsNone(token: String) { #expect(AdminToken(token) == nil) }

    @Test func theAdminActsOnDefaultOrOnTheSandboxItNames() throws {
        let standIn = try Admin.standIn()
        let own = try #require(standIn.sandbox(of: StandIn.neoKey))
        #expect(standIn.sandbox(of: Admin.token) == "default")
        #expect(standIn.sandbox(of: Admin.token, naming: own) == own)
        for name in ["nobody", "", "default ", "../default"] {
            let answer = standIn.send("GET", "/_understudy/sandbox", key: Admin.token, fields: Admin.naming(name))
            #expect(answer.status == 404, "\(name)")
        }
        // What it does there is done there.
        standIn.send("POST", "/public-api/backfills", body: createBody())
        let reset = standIn.send("POST", "/_understudy/sandbox/reset", key: Admin.token, fields: Admin.naming(own))
        #expect(reset["counts.backfills"]?.integer == 0)
        // To the emulated APIs it is no credential.
        #expect(standIn.send("GET", "/public-api/agents", key: Admin.token).status == 401)
    }

    @Test(arguments: [
        "an-admin-token-of-the-test", "an-admin-token-of-the-testsX", "an-admin-token-of-the-testS",
        "An-admin-token-of-the-tests",
    ])
    func anotherTokenIsNotTheAdmins(token: String) throws {
        #expect(try Admin.standIn().send("GET", Admin.sandboxes, key: token).status == 403)
    }

    @Test func whereThereIsATokenNobodyElseNamesAnotherSandbox() throws {
        let standIn = try Admin.standIn()
        let own = try #require(standIn.sandbox(of: StandIn.neoKey))
        #expect(standIn.sandbox(of: StandIn.neoKey, naming: own) == own)
        #expect(standIn.sandbox(of: nil, naming: "default") == "default")
        let count = standIn.directory.count
        for (key, name) in [
            (StandIn.neoKey, "default"), (StandIn.neoKey, "nobody"), (nil, own), ("neo_sk_test_stranger", own),
        ] {
            let answer = standIn.send("GET", "/_understudy/sandbox", key: key, fields: Admin.naming(name))
            #expect(answer.status == 403, "\(key ?? "nobody") \(name)")
        }
        #expect(standIn.directory.count == count)
        #expect(standIn.send("GET", "/_understudy/sandbox", key: "x", fields: Admin.naming("default")).status == 401)
    }

    @Test func inOpenModeWithoutATokenAnybodyMayNameASandbox() throws {
        let standIn = try StandIn()
        let own = try #require(standIn.sandbox(of: StandIn.neoKey))
        for key in [nil, "neo_sk_test_stranger", "x"] { #expect(standIn.sandbox(of: key, naming: own) == own) }
        #expect(standIn.send("GET", "/_understudy/sandbox", fields: Admin.naming("nobody")).status == 404)
        #expect(standIn.directory.count == 2)
    }

    /// Who may use the admin routes: by mode, whether the server has a token, and what is presented.
    @Test(arguments: [
        ("open", false, nil as String?, 200), ("open", false, StandIn.neoKey, 200), ("open", true, nil, 401),
        ("open", true, StandIn.neoKey, 403), ("open", true, Admin.token, 200), ("strict", false, nil, 403),
        ("strict", false, StandIn.admin, 403), ("strict", false, Admin.token, 403), ("strict", true, nil, 401),
        ("strict", true, StandIn.neoKey, 403), ("strict", true, Admin.token, 200),
    ])
    func theAdminRoutesAreTheAdmins(mode: String, hasToken: Bool, key: String?, status: Int) throws {
        let standIn = try StandIn {
            $0.mode = mode == "open" ? .open : .strict
            $0.adminToken = hasToken ? AdminToken(Admin.token) : nil
        }
        for (method, path, expected) in [
            ("GET", Admin.sandboxes, 200), ("POST", Admin.sandboxes, 201), ("GET", Admin.sandboxes + "/default", 200),
            ("DELETE", Admin.sandboxes + "/default", 409),
        ] {
            let answer = standIn.send(method, path, key: key)
            #expect(answer.status == (status == 200 ? expected : status), "\(method) \(path)")
        }
        if status != 200 { #expect(standIn.directory.count == 1) }
    }

    @Test func aSandboxIsMadeWithFreshKeysThatAreShownOnce() throws {
        let standIn = try Admin.standIn()
        let made = try standIn.makeSandbox(#"{"name": "team-a"}"#)
        #expect(made.name == "team-a")
        #expect(made.neo.wholeMatch(of: /neo_sk_live_[A-Za-z0-9]{43}/) != nil)
        #expect(made.backside.wholeMatch(of: /bsk_live_[A-Za-z0-9]{43}/) != nil)
        #expect(standIn.sandbox(of: made.neo) == "team-a")
        #expect(standIn.sandbox(of: made.backside) == "team-a")
        #expect(standIn.send("POST", "/public-api/backfills", key: made.neo, body: createBody()).status == 201)
        let look = standIn.send("GET", Admin.sandboxes + "/team-a", key: Admin.token)
        #expect(look["counts.backfills"]?.integer == 1)
        #expect(look["made_by"]?.string == "admin")
        #expect(look["evictable"]?.bool == false)
        #expect(look["credentials"]?.array?.count == 2)
        let list = standIn.send("GET", Admin.sandboxes, key: Admin.token)
        for text in [look.text, list.text, standIn.send("GET", "/_understudy/sandbox", key: made.neo).text] {
            #expect(!text.contains(made.neo) && !text.contains(made.backside))
        }
        // Another of the same kind has other keys.
        let other = try standIn.makeSandbox()
        #expect(other.name.wholeMatch(of: /sandbox-[a-z0-9]{8}/) != nil)
        #expect(other.neo != made.neo && other.backside != made.backside)
    }

    @Test func theListNamesWhatStaysFirstThenTheLastUsed() throws {
        let standIn = try Admin.standIn()
        let second = try #require(standIn.sandbox(of: "neo_sk_test_b"))
        let first = try #require(standIn.sandbox(of: "neo_sk_test_c"))
        _ = try standIn.makeSandbox(#"{"name": "z"}"#)
        _ = try standIn.makeSandbox(#"{"name": "a"}"#)
        let list = standIn.send("GET", Admin.sandboxes, key: Admin.token)
        #expect(list["data"]?.array?.compactMap { $0.object?["name"]?.string } == ["a", "default", "z", first, second])
        #expect(
            list["data"]?.array?.compactMap { $0.object?["made_by"]?.string }
                == ["admin", "start", "admin", "first_use", "first_use"])
        #expect(list["total"]?.integer == 5)
        #expect(list["data.1.last_used_at"]?.isNull == true)
        #expect(standIn.sandbox(of: nil) == "default")
        let again = standIn.send("GET", Admin.sandboxes, key: Admin.token)
        #expect(again["data.1.last_used_at"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(list["data.3.last_used_at"]?.string == "2026-03-02T09:00:00.000000Z")
    }

    @Test(arguments: [
        (#"{"name": "a", "seed": "demo"}"#, 8, "manual", "2026-03-02T09:00:00.000000Z"),
        (#"{"name": "a", "seed": "blank", "clock": {"mode": "poll"}}"#, 0, "poll", "2026-03-02T09:00:00.000000Z"),
        (#"{"name": "a", "clock": {"now": "2027-01-01T00:00:00Z"}}"#, 0, "manual", "2027-01-01T00:00:00.000000Z"),
        (
            #"{"name": "a", "seed": {"clock": {"now": "2025-01-01T00:00:00Z", "mode": "poll"}}}"#, 0, "manual",
            "2025-01-01T00:00:00.000000Z"
        ),
        (
            #"{"name": "a", "seed": {"base": "blank"}, "clock": {"mode": "real", "speed": 2}}"#, 0, "real",
            "2026-03-02T09:00:00.000000Z"
        ),
    ])
    func aSandboxIsMadeFromASeedAndGoesBackToIt(body: String, backfills: Int64, mode: String, now: String) throws {
        let standIn = try Admin.standIn()
        let key = try standIn.makeSandbox(body).neo
        let before = standIn.send("GET", "/_understudy/sandbox/export", key: key).text
        standIn.send("PUT", "/_understudy/sandbox/import", key: key, body: "{}")
        #expect(standIn.send("GET", "/_understudy/sandbox", key: key)["counts.agents"]?.integer == 0)
        let reset = standIn.send("POST", "/_understudy/sandbox/reset", key: key)
        #expect(reset["counts.backfills"]?.integer == backfills)
        #expect(reset["clock.mode"]?.string == mode)
        #expect(reset["clock.now"]?.string == now)
        #expect(standIn.send("GET", "/_understudy/sandbox/export", key: key).text == before)
    }

    @Test func theKeysOfAnInlineSeedOpenTheSandbox() throws {
        let standIn = try Admin.standIn()
        let seed = #"{"credentials": [{"token": "neo_sk_test_partner", "role": "Viewer", "label": "partner"}]}"#
        let made = standIn.send(
            "POST", Admin.sandboxes, key: Admin.token, body: #"{"name": "a", "seed": \#(seed)}"#)
        #expect(made["credentials"]?.array?.count == 3)
        #expect(made["credentials.2.label"]?.string == "partner")
        #expect(made["credentials.2.token"] == nil)
        #expect(standIn.sandbox(of: "neo_sk_test_partner") == "a")
        #expect(
            standIn.send("POST", "/public-api/backfills", key: "neo_sk_test_partner", body: createBody()).status == 403)
        // A second sandbox with that key is refused whole.
        let list = standIn.send("GET", Admin.sandboxes, key: Admin.token).text
        let refused = standIn.send("POST", Admin.sandboxes, key: Admin.token, body: #"{"name": "b", "seed": \#(seed)}"#)
        #expect(refused.status == 409)
        #expect(refused.code == "conflict")
        #expect(standIn.send("GET", Admin.sandboxes, key: Admin.token).text == list)
        // The published keys of a base stay where they are.
        #expect(try standIn.makeSandbox(#"{"name": "c", "seed": {"base": "blank"}}"#).name == "c")
        #expect(standIn.sandbox(of: StandIn.admin) == "default")
    }

    @Test(arguments: [
        (#"{"name": ""}"#, 422, "name"), (#"{"name": "a/b"}"#, 422, "name"), (#"{"name": "a b"}"#, 422, "name"),
        (#"{"name": "é"}"#, 422, "name"), (#"{"name": 7}"#, 422, "name"), (#"{"nmae": "a"}"#, 422, "nmae"),
        (#"{"name": "\#(String(repeating: "a", count: 65))"}"#, 422, "name"), (#"{"seed": "default"}"#, 422, "seed"),
        (#"{"seed": null}"#, 422, "seed"), (#"{"seed": {"agnets": []}}"#, 422, "agnets"),
        (#"{"clock": {"mode": "sundial"}}"#, 422, "clock.mode"), (#"{"clock": 1}"#, 422, "clock"),
        (#"{"name": "default"}"#, 409, nil), (#"{"name": "understudy"}"#, 409, nil), (#"{"name": "taken"}"#, 409, nil),
        (#"{"name": "key-0123456789abcdef"}"#, 409, nil), ("[]", 400, nil), ("{", 400, nil),
    ])
    func whatCannotBeMadeIsRefusedAndChangesNothing(body: String, status: Int, field: String?) throws {
        let standIn = try Admin.standIn()
        _ = try standIn.makeSandbox(#"{"name": "taken"}"#)
        let answer = standIn.send("POST", Admin.sandboxes, key: Admin.token, body: body)
        #expect(answer.status == status, "\(answer.text)")
        #expect(field == nil || answer.violatedFields == [field])
        #expect(standIn.directory.count == 2)
    }

    @Test(arguments: ["a", "A.b_c-9", "..", ".", String(repeating: "a", count: 64), "key-1"])
    func aNameMayBeAnyOfThese(name: String) throws {
        let standIn = try Admin.standIn()
        #expect(try standIn.makeSandbox(#"{"name": "\#(name)"}"#).name == name)
        #expect(standIn.send("GET", Admin.sandboxes + "/" + name, key: Admin.token)["name"]?.string == name)
    }

    @Test func theSameNameAndSeedGiveTheSameWorld() throws {
        let exports = try (0..<2).map { _ in
            let standIn = try Admin.standIn()
            let key = try standIn.makeSandbox(#"{"name": "team-a", "seed": "demo"}"#).neo
            standIn.send("POST", "/public-api/backfills", key: key, body: createBody())
            return standIn.send("GET", "/_understudy/sandbox/export", key: key).text
        }
        #expect(exports[0] == exports[1])
    }

    @Test func whatAnAdminMakesIsNeverDropped() throws {
        let standIn = try Admin.standIn { $0.maximumSandboxes = 3 }
        let key = try standIn.makeSandbox(#"{"name": "team-a"}"#).neo
        for number in 0..<5 {
            #expect(standIn.sandbox(of: "neo_sk_test_n\(number)") != nil)
            standIn.pass(seconds: 600)
        }
        #expect(standIn.directory.count == 3)
        #expect(standIn.sandbox(of: key) == "team-a")
        _ = try standIn.makeSandbox(#"{"name": "team-b"}"#)
        // As many as may be kept are an admin's now.
        #expect(standIn.send("POST", Admin.sandboxes, key: Admin.token).status == 409)
    }
}
