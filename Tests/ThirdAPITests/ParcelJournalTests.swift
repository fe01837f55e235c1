import JSON
import Testing
import Understudy

/// What is kept of requests, and how answers are judged.
@Suite struct ParcelJournalTests {
    @Test func theJournalKeepsWhatWasAsked() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        #expect(scene.status(of: id) == "accepted")
        #expect(scene.send("GET", "/public-api/agents", key: CourierScene.neoKey).status == 200)
        let answer = scene.send("GET", "/_understudy/requests?api=courier")
        let entries = answer["data"]?.array?.compactMap(\.object) ?? []
        #expect(entries.compactMap { $0["api"]?.string } == ["courier", "courier"])
        #expect(Set(entries.compactMap { $0["operation"]?.string }) == ["create_parcel", "get_parcel"])
        #expect(!answer.text.contains(CourierScene.key))
        let counted = scene.send("GET", "/_understudy/requests/count?operation=create_parcel")
        #expect(counted["count"]?.integer == 1, "\(counted.text)")
    }

    @Test func aTestWaitsForARequest() throws {
        let scene = try CourierScene()
        try #require(try !scene.accept().isEmpty)
        let waited = scene.send(
            "GET", "/_understudy/requests/wait?api=courier&operation=create_parcel&count=1&timeout=1")
        #expect(waited.status == 200, "\(waited.text)")
        let odd = scene.send("GET", "/_understudy/requests?api=post")
        #expect(odd.status == 422)
        #expect(odd["error.message"]?.string?.contains("courier") == true, "\(odd.text)")
    }

    @Test func theReportNamesWhatNothingReads() throws {
        let scene = try CourierScene()
        _ = scene.send("POST", "/courier/v1/parcels?fast=1", body: #"{"to": "3 Mill Lane", "wieght": 3}"#)
        let report = scene.send("GET", "/_understudy/conformance")
        #expect(report["data.0.api"]?.string == "courier")
        #expect(report["data.0.operation"]?.string == "create_parcel")
        #expect(report["data.0.unread_fields.0.name"]?.string == "wieght")
        #expect(report["data.0.undocumented_query_parameters.0.name"]?.string == "fast")
    }

    @Test func anAnswerIsHeldAgainstTheDocument() throws {
        let scene = try CourierScene { $0.checksContract = true }
        let id = try scene.accept()
        #expect(scene.status(of: id) == "accepted")
        let report = scene.send("GET", "/_understudy/conformance")
        #expect(report["checked"]?.bool == true)
        #expect(report["broken_answers"]?.array?.count == 0)
    }

    @Test func anAnswerThatBreaksItIsReported() throws {
        let document = CourierDocument.text.replacing(#""enum": ["accepted", "#, with: #""enum": ["#)
        let scene = try CourierScene(courier: CourierAPI(document: document)) { $0.checksContract = true }
        let made = scene.send("POST", "/courier/v1/parcels", body: #"{"to": "3 Mill Lane"}"#, expectsBroken: true)
        #expect(made.status == 201)
        let report = scene.send("GET", "/_understudy/conformance")
        #expect(report["broken_answers.0.api"]?.string == "courier")
        #expect(report["broken_answers.0.operation"]?.string == "create_parcel")
        #expect(report["broken_answers.0.complaint"]?.string?.contains("status") == true, "\(report.text)")
    }
}
