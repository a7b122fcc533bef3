extension SigningFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .emptySecret: "the secret is empty"
        case .malformedKey: "it is no private key: neither PEM (PKCS#8) nor base64"
        case .notEd25519: "it is a key of another algorithm than Ed25519"
        case .unavailable: "OpenSSL has no memory, or not the algorithm"
        }
    }
}
