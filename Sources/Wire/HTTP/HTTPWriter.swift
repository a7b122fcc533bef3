/// Writes HTTP/1.1 messages. Cold.
enum HTTPWriter {
    /// A request with its body's length, if it has one. False, with nothing written, when it does
    /// not fit or a part contains what its place forbids (a line ending would start a new field).
    static func appendRequest(
        method: String, target: String, host: String, fields: [(String, String)],
        body: UnsafeRawBufferPointer?, to buffer: inout ByteBuffer
    ) -> Bool {
        guard !method.isEmpty, method.utf8.allSatisfy(isTokenCharacter),
            target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return false }
        var fields = [("Host", host)] + fields
        if let body { fields.append(("Content-Length", "\(body.count)")) }
        return append("\(method) \(target) HTTP/1.1\r\n", fields, body, to: &buffer)
    }

    /// A response with the length of its body; `body` nil writes no length (1xx, 204, 304).
    static func appendResponse(
        status: Int, fields: [(String, String)], body: UnsafeRawBufferPointer?,
        withoutBody answersHead: Bool, to buffer: inout ByteBuffer
    ) -> Bool {
        guard (100...599).contains(status) else { return false }
        var fields = fields
        if let body { fields.append(("Content-Length", "\(body.count)")) }
        return append(
            "HTTP/1.1 \(status) \(reason(status))\r\n", fields, answersHead ? nil : body,
            to: &buffer)
    }

    private static func append(
        _ startLine: String, _ fields: [(String, String)], _ body: UnsafeRawBufferPointer?,
        to buffer: inout ByteBuffer
    ) -> Bool {
        var head = startLine
        for (name, value) in fields {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenCharacter),
                value.utf8.allSatisfy(isFieldCharacter)
            else { return false }
            head += "\(name): \(value)\r\n"
        }
        head += "\r\n"
        guard head.utf8.count + (body?.count ?? 0) <= buffer.room else { return false }
        guard buffer.append(head.utf8) else { return false }
        guard let body, let bytes = body.baseAddress else { return true }
        return buffer.append(bytes, body.count)
    }

    /// Reason phrases of RFC 9110 section 15 that venues use.
    static func reason(_ status: Int) -> String {
        switch status {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 418: "I'm a teapot"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
