import HTTPFront
import Testing

@Suite struct RouterTests {
    private var router: Router<String> {
        var router = Router<String>()
        router.add("GET", "/a/{id}", "one")
        router.add("POST", "/a/verify", "verify")
        router.add("POST", "/a/{id}/go", "go")
        return router
    }

    private func describe(_ method: String, _ path: String) -> String {
        switch router.match(method, path) {
        case .found(let endpoint, let parameters): "\(endpoint)\(parameters)"
        case .wrongMethod(let allowed): "allowed\(allowed)"
        case .nothing: "nothing"
        }
    }

    @Test(arguments: [
        ("GET", "/a/7", #"one["7"]"#), ("HEAD", "/a/7", #"one["7"]"#), ("POST", "/a/verify", "verify[]"),
        ("GET", "/a/verify", #"allowed["POST"]"#), ("POST", "/a/7", #"allowed["GET", "HEAD"]"#),
        ("POST", "/a/x%2Fy/go", #"go["x/y"]"#), ("GET", "/a/", "nothing"), ("GET", "/a", "nothing"),
        ("GET", "/a/7/", "nothing"), ("GET", "//a/7", "nothing"), ("GET", "a/7", "nothing"), ("GET", "", "nothing"),
        ("GET", "/a/%zz", "one[\"\u{FFFD}\"]"), ("GET", "/", "nothing"),
    ])
    func aPathIsMatchedSegmentBySegment(method: String, path: String, expected: String) {
        #expect(describe(method, path) == expected)
    }

    @Test(
        arguments: [
            ("a=1", "1"), ("b=2&a=x%20y+z", "x y z"), ("a", ""), ("a=1&a=2", "2"), ("a=%zz", "\u{FFFD}"), ("", nil),
            ("aa=1", nil),
        ] as [(String, String?)])
    func aQueryParameterIsDecoded(query: String, value: String?) {
        #expect(HTTPRequest("GET", "/?\(query)").queryParameter("a") == value)
    }
}
