package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/hookctl/hookctl/internal/provider"
)

// A Key is a secret as the user has it.
type Key struct {
	// Name says which one it is without telling it: "env:WEBHOOK_SECRET", "secret 2".
	Name   string
	Secret string
}

// String is the name: a secret is never printed by accident.
func (k Key) String() string { return k.Name }

// GoString is the name, for %#v.
func (k Key) GoString() string { return k.Name }

// A content writes what is signed, part by part; secret is for those schemes that
// have it in there.
type content func(secret []byte, emit func([]byte)) error

// A key is a secret as an algorithm takes it. It is safe for concurrent use.
type key struct {
	name      string
	algorithm provider.Algorithm
	secret    []byte    // nil for asymmetric algorithms
	hashes    sync.Pool // of hash.Hash, keyed where the algorithm is an HMAC
	public    crypto.PublicKey
	private   crypto.Signer
}

// A KeyError says why a secret is none for a scheme.
type KeyError struct {
	Name, What string
}

func (e *KeyError) Error() string { return e.Name + ": " + e.What }

// newVerifyingKey reads a secret for checking signatures.
func newVerifyingKey(k Key, s *provider.Scheme) (*key, error) {
	made := &key{name: k.Name, algorithm: s.Algorithm}
	if k.Secret == "" {
		return nil, &KeyError{k.Name, "the secret is empty"}
	}
	if !s.Algorithm.Asymmetric() {
		return made, made.setSecret(k, s.Key)
	}
	public, err := parsePublic(trimPrefixes(k.Secret, s.Key.Prefixes), s.Algorithm)
	if err != nil {
		return nil, &KeyError{k.Name, err.Error()}
	}
	made.public = public
	return made, nil
}

// newSigningKey reads a secret for making signatures.
func newSigningKey(k Key, s *provider.Scheme) (*key, error) {
	made := &key{name: k.Name, algorithm: s.Algorithm}
	if k.Secret == "" {
		return nil, &KeyError{k.Name, "the secret is empty"}
	}
	if !s.Algorithm.Asymmetric() {
		return made, made.setSecret(k, s.Key)
	}
	private, err := parsePrivate(trimPrefixes(k.Secret, s.Key.Prefixes), s.Algorithm)
	if err != nil {
		return nil, &KeyError{k.Name, err.Error()}
	}
	made.private, made.public = private, private.Public()
	return made, nil
}

func (k *key) setSecret(from Key, rule provider.KeyRule) error {
	secret, err := decodeSecret(from.Secret, rule)
	if err != nil {
		return &KeyError{from.Name, err.Error()}
	}
	k.secret = secret
	k.hashes.New = func() any { return newHash(k.algorithm, secret) }
	return nil
}

// decodeSecret returns the bytes that a secret stands for.
func decodeSecret(secret string, rule provider.KeyRule) ([]byte, error) {
	text := trimPrefixes(secret, rule.Prefixes)
	if rule.Required && text == secret {
		return nil, fmt.Errorf("the secret does not begin with %s, as those for this scheme do", strings.Join(rule.Prefixes, " or "))
	}
	if trimPrefixes(secret, rule.Refused) != secret {
		return nil, errors.New("the secret begins like those for another scheme")
	}
	var decoded []byte
	var err error
	switch rule.Encoding {
	case provider.KeyHex:
		decoded, err = hex.DecodeString(text)
	case provider.KeyBase64:
		decoded, err = decodeBase64(text)
	default:
		decoded = []byte(text)
	}
	if err != nil {
		return nil, fmt.Errorf("the secret is not %s, as this provider's are", rule.Encoding)
	}
	if len(decoded) == 0 {
		return nil, errors.New("the secret is empty")
	}
	return decoded, nil
}

func trimPrefixes(secret string, prefixes []string) string {
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(secret, prefix); ok {
			return rest
		}
	}
	return secret
}

// decodeBase64 reads both alphabets, padded or not.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	return base64.RawStdEncoding.DecodeString(text)
}

func newHash(a provider.Algorithm, secret []byte) hash.Hash {
	switch a {
	case provider.HMACSHA1:
		return hmac.New(sha1.New, secret)
	case provider.HMACSHA512:
		return hmac.New(sha512.New, secret)
	case provider.PlainSHA1:
		return sha1.New()
	case provider.PlainSHA256:
		return sha256.New()
	}
	return hmac.New(sha256.New, secret)
}

// verify reports whether signature is one of content. The error is that of content.
func (k *key) verify(c content, signature []byte) (bool, error) {
	if k.public != nil {
		return k.verifyAsymmetric(c, signature)
	}
	var buf [sha512.Size]byte
	sum, err := k.sum(c, buf[:0])
	return err == nil && subtle.ConstantTimeCompare(sum, signature) == 1, err
}

// sign returns the signature of content.
func (k *key) sign(c content) ([]byte, error) {
	if k.private != nil {
		return k.signAsymmetric(c)
	}
	return k.sum(c, nil)
}

// sum appends what a symmetric algorithm makes of content.
func (k *key) sum(c content, dst []byte) ([]byte, error) {
	if k.algorithm.Token() {
		return append(dst, k.token()...), nil
	}
	h := k.hashes.Get().(hash.Hash)
	defer k.hashes.Put(h)
	h.Reset()
	if err := c(k.secret, func(part []byte) { h.Write(part) }); err != nil {
		return nil, err
	}
	return h.Sum(dst), nil
}

// token is what a message carries in the place of a signature.
func (k *key) token() []byte {
	if k.algorithm == provider.Basic {
		return []byte(base64.StdEncoding.EncodeToString(k.secret))
	}
	return k.secret
}

func (k *key) verifyAsymmetric(c content, signature []byte) (bool, error) {
	message, err := k.prepare(c)
	if err != nil {
		return false, err
	}
	switch public := k.public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, message, signature), nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, message, signature), nil
	case *rsa.PublicKey:
		if k.algorithm == provider.RSAPSS {
			return rsa.VerifyPSS(public, k.digest(), message, signature, saltAsHash()) == nil, nil
		}
		return rsa.VerifyPKCS1v15(public, k.digest(), message, signature) == nil, nil
	}
	return false, nil
}

func (k *key) signAsymmetric(c content) ([]byte, error) {
	message, err := k.prepare(c)
	if err != nil {
		return nil, err
	}
	if k.algorithm == provider.RSAPSS {
		options := saltAsHash()
		options.Hash = k.digest()
		return k.private.Sign(rand.Reader, message, options)
	}
	return k.private.Sign(rand.Reader, message, k.digest())
}

// saltAsHash is the length of the salt that RFC 9421, 3.3.1 wants: 64 bytes.
func saltAsHash() *rsa.PSSOptions { return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash} }

// digest is what is signed in the place of the message; 0 for the message itself.
func (k *key) digest() crypto.Hash {
	switch k.algorithm {
	case provider.Ed25519:
		return 0
	case provider.RSASHA1:
		return crypto.SHA1
	case provider.RSAPSS:
		return crypto.SHA512
	}
	return crypto.SHA256
}

// prepare returns the content as the algorithm takes it: whole, or its digest.
func (k *key) prepare(c content) ([]byte, error) {
	if k.digest() == 0 {
		var whole []byte
		err := c(nil, func(part []byte) { whole = append(whole, part...) })
		return whole, err
	}
	h := k.digest().New()
	err := c(nil, func(part []byte) { h.Write(part) })
	return h.Sum(nil), err
}

// fits reports whether a public key is one for the algorithm.
func fits(public crypto.PublicKey, a provider.Algorithm) bool {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return a == provider.Ed25519
	case *ecdsa.PublicKey:
		return a == provider.ECDSAP256 && key.Curve == elliptic.P256()
	case *rsa.PublicKey:
		return a == provider.RSASHA1 || a == provider.RSASHA256 || a == provider.RSAPSS
	}
	return false
}
