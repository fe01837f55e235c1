import AnswerContract
import Emulation
import HTTPFront
import TestSupport
import Testing

@Suite struct CrossOriginTests {
    private static let origin = HTTPField("Origin", "https://app.example")

    private static func preflight(
        _ target: String, in standIn: StandIn,
        _ fields: [HTTPField] = [
            origin, HTTPField("Access-Control-Request-Method", "POST"),
            HTTPField("Access-Control-Request-Headers", "authorization,content-type"),
        ]
    ) -> HTTPResponse {
        standIn.application.respond(to: HTTPRequest("OPTIONS", target, fields: fields))
    }

    @Test(arguments: ["/public-api/backfills", "/public-api/backfills/x/pause", "/api/v1/agents/a/runs/b"])
    func aPreflightIsAnsweredWithoutCredentials(target: String) throws {
        let standIn = try StandIn()
        let answer = Self.preflight(target, in: standIn)
        #expect(answer.status == 204)
        #expect(answer.body == [])
        #expect(answer.field("Access-Control-Allow-Origin") == "*")
        #expect(answer.field("Access-Control-Allow-Methods")?.contains("POST") == true)
        #expect(answer.field("Access-Control-Allow-Headers") == "authorization,content-type")
        #expect(answer.field("Access-Control-Max-Age") != nil)
        #expect(answer.field("X-RateLimit-Limit") == nil)
        #expect(standIn.directory.count == 1)
    }

    @Test func anOptionsThatIsNoPreflightStaysA405() throws {
        let standIn = try StandIn()
        let (method, fields) = (HTTPField("Access-Control-Request-Method", "POST"), [Self.origin])
        for fields in [[], fields, [method]] {
            #expect(Self.preflight("/public-api/backfills", in: standIn, fields).status == 405)
        }
        #expect(Self.preflight("/_understudy/sandbox", in: standIn).status == 405)
        #expect(Self.preflight("/nowhere", in: standIn).status == 404)
    }

    @Test func aPageMayReadAnswersAndRefusals() throws {
        let standIn = try StandIn()
        for (method, path, key, status) in [
            ("GET", "/public-api/backfills", StandIn.neoKey as String?, 200), ("GET", "/public-api/health", nil, 200),
            ("GET", "/public-api/backfills", nil, 401), ("GET", "/public-api/nothing", nil, 404),
            ("DELETE", "/public-api/backfills", StandIn.neoKey, 405), ("GET", "/api/v1/agents/a/runs/b", nil, 402),
        ] {
            let answer = standIn.send(method, path, key: key, fields: [Self.origin])
            #expect(answer.status == status)
            #expect(answer.response.field("Access-Control-Allow-Origin") == "*", "\(path)")
            let exposed = answer.response.field("Access-Control-Expose-Headers") ?? ""
            for name in ["X-RateLimit-Remaining", "Retry-After", "X-Understudy-Fault"] {
                #expect(exposed.contains(name))
            }
            #expect(answer.response.field("Vary") == "Origin")
            let plain = standIn.send(method, path, key: key)
            #expect(!plain.response.fields.contains { $0.name.hasPrefix("Access-Control") || $0.name == "Vary" })
        }
    }

    @Test func theControlPlaneIsNoPages() throws {
        let standIn = try StandIn()
        for path in ["/_understudy/health", "/_understudy/sandbox", "/_understudy/metrics", "/nowhere"] {
            let answer = standIn.send("GET", path, fields: [Self.origin])
            #expect(!answer.response.fields.contains { $0.name.hasPrefix("Access-Control") }, "\(path)")
        }
    }

    @Test func itCanBeSwitchedOff() throws {
        let standIn = try StandIn { $0.allowsCrossOrigin = false }
        #expect(Self.preflight("/public-api/backfills", in: standIn).status == 405)
        let answer = standIn.send("GET", "/public-api/backfills", fields: [Self.origin])
        #expect(answer.response.field("Access-Control-Allow-Origin") == nil)
    }

    @Test func theControlPlaneCanBeSwitchedOff() throws {
        let standIn = try StandIn { $0.hasControlPlane = false }
        for (method, path) in Contract.controlPlane.operations.map({ ($0.method, $0.path) })
            + [("GET", "/_understudy"), ("GET", "/_understudy/nothing"), ("PUT", "/_understudy/sandbox")]
        {
            guard path != "/_understudy/health" else { continue }
            let answer = standIn.send(method, path)
            #expect(answer.status == 404, "\(method) \(path)")
            #expect(answer["error.message"]?.string?.contains("--no-control-plane") == true, "\(method) \(path)")
        }
        #expect(standIn.send("GET", "/_understudy/health").status == 200)
        #expect(standIn.send("GET", "/public-api/backfills").status == 200)
        #expect(standIn.directory.count == 2)
    }
}
