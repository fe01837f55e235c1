import Emulation
import HTTPFront
import Sandboxes

/// `/_understudy/`: a page for people, until the console comes.
struct PageEndpoints: EndpointGroup {
    let version: String
    let apis: [any EmulatedAPI]

    var endpoints: [Endpoint] { [Endpoint("get_page", "GET", "/_understudy/", .sandbox(.read, page))] }

    private func page(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.world.name
        let counts = try call.world.counts().map {
            "\($0.count) \($0.name.split(separator: "_").joined(separator: " "))"
        }
        let documents = apis.map {
            "<li><a href=\"\($0.basePath)/openapi.json\">The \($0.title)'s OpenAPI document</a></li>"
        }
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Understudy</title></head>
            <body><h1>Understudy \(version)</h1>
            <p>Sandbox <code>\(name)</code>: \(counts.joined(separator: ", ")).</p>
            <ul>
            \(documents.joined(separator: "\n"))
            <li><a href="/_understudy/openapi.json">The control plane's OpenAPI document</a></li>
            <li><a href="/_understudy/sandbox">This sandbox</a></li>
            <li><a href="/_understudy/sandbox/export">This sandbox as a seed document</a></li>
            <li><a href="/_understudy/requests">The last requests to the APIs</a>, <a href="/_understudy/requests.har">as HAR</a></li>
            <li><a href="/_understudy/conformance">What requests had that nothing reads</a></li>
            <li><a href="/_understudy/health">Health</a></li>
            </ul></body></html>

            """
        return HTTPResponse(
            200, fields: [HTTPField("Content-Type", "text/html; charset=utf-8")], body: Array(page.utf8))
    }
}
