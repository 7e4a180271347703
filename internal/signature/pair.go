package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
)

// parsePublic reads a public key: PEM (a key or a certificate), the base64 of a
// SubjectPublicKeyInfo, or, for Ed25519, its 32 bytes in hexadecimal or base64.
func parsePublic(text string, a provider.Algorithm) (crypto.PublicKey, error) {
	public, err := readPublic(strings.TrimSpace(text), a)
	if err != nil {
		return nil, err
	}
	if !fits(public, a) {
		return nil, fmt.Errorf("want a public key for %s, got one for %s", a, kindOf(public))
	}
	return public, nil
}

func readPublic(text string, a provider.Algorithm) (crypto.PublicKey, error) {
	if block := decodePEM(text); block != nil {
		if block.Type == "CERTIFICATE" {
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, errors.New("this PEM certificate cannot be read")
			}
			return cert.PublicKey, nil
		}
		if strings.Contains(block.Type, "PRIVATE") {
			return nil, errPrivate()
		}
		return readSPKI(block.Bytes)
	}
	raw, err := readRaw(text)
	if err == nil && a == provider.Ed25519 && len(raw) == ed25519.PublicKeySize {
		return ed25519.PublicKey(raw), nil
	}
	if err == nil && a == provider.Ed25519 && len(raw) == ed25519.PrivateKeySize {
		return nil, errPrivate()
	}
	if err == nil {
		return readSPKI(raw)
	}
	return nil, fmt.Errorf("want a public key for %s as PEM, base64 or hexadecimal", a)
}

func errPrivate() error {
	return errors.New("this is a private key: a signature is checked with the public one")
}

func errPublic() error {
	return errors.New("this is a public key: a message is signed with the private one")
}

// kindOf says what a public key is for.
func kindOf(public crypto.PublicKey) string {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return "Ed25519"
	case *ecdsa.PublicKey:
		return "ECDSA with the curve " + key.Params().Name
	case *rsa.PublicKey:
		return "RSA"
	}
	return "another algorithm"
}

func readSPKI(der []byte) (crypto.PublicKey, error) {
	if public, err := x509.ParsePKIXPublicKey(der); err == nil {
		return public, nil
	}
	if public, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return public, nil
	}
	if _, err := readPKCS8(der); err == nil {
		return nil, errPrivate()
	}
	return nil, errors.New("this is no public key that can be read: want a SubjectPublicKeyInfo")
}

// parsePrivate reads a private key: PEM or base64 of PKCS #8, or, for Ed25519, its
// seed of 32 bytes in hexadecimal or base64; the seed may be followed by the public key.
func parsePrivate(text string, a provider.Algorithm) (crypto.Signer, error) {
	private, err := readPrivate(strings.TrimSpace(text), a)
	if err != nil {
		return nil, err
	}
	if !fits(private.Public(), a) {
		return nil, fmt.Errorf("want a private key for %s, got one for %s", a, kindOf(private.Public()))
	}
	return private, nil
}

func readPrivate(text string, a provider.Algorithm) (crypto.Signer, error) {
	der, err := readRaw(text)
	if block := decodePEM(text); block != nil {
		if strings.Contains(block.Type, "PUBLIC") {
			return nil, errPublic()
		}
		if block.Type == "CERTIFICATE" {
			return nil, errors.New("this is a certificate: a message is signed with the private key to it")
		}
		der, err = block.Bytes, nil
	}
	if err != nil {
		return nil, fmt.Errorf("want a private key for %s as PEM, or as base64 of PKCS #8, or a seed in hexadecimal", a)
	}
	if a == provider.Ed25519 && (len(der) == ed25519.SeedSize || len(der) == ed25519.PrivateKeySize) {
		return ed25519.NewKeyFromSeed(der[:ed25519.SeedSize]), nil
	}
	private, err := readPKCS8(der)
	if err != nil {
		if _, public := readSPKI(der); public == nil {
			return nil, errPublic()
		}
	}
	return private, err
}

func readPKCS8(der []byte) (crypto.Signer, error) {
	if parsed, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		if private, ok := parsed.(crypto.Signer); ok {
			return private, nil
		}
	}
	if private, err := x509.ParseECPrivateKey(der); err == nil {
		return private, nil
	}
	if private, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return private, nil
	}
	return nil, errors.New("this is no private key that can be read: want PKCS #8")
}

// decodePEM returns the first block of PEM, nil where there is none. Line feeds may be
// written as \n, as those have to who keep a key in a variable of the environment.
func decodePEM(text string) *pem.Block {
	if strings.HasPrefix(text, "-----BEGIN ") {
		text = strings.ReplaceAll(text, `\n`, "\n")
	}
	block, _ := pem.Decode([]byte(text))
	return block
}

// readRaw reads hexadecimal or base64.
func readRaw(text string) ([]byte, error) {
	if raw, err := hex.DecodeString(text); err == nil {
		return raw, nil
	}
	return decodeBase64(text)
}
