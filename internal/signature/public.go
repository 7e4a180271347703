package signature

import (
	"crypto/x509"
	"encoding/base64"

	"github.com/hookctl/hookctl/internal/provider"
)

// VerifyingKeys returns what verifies the signatures that keys make: the keys
// themselves, or, where the schemes of p are asymmetric, the public half of each as
// the base64 of its SubjectPublicKeyInfo.
func VerifyingKeys(p *provider.Profile, keys []Key) ([]Key, error) {
	s := asymmetric(p)
	if s == nil {
		return keys, nil
	}
	var public []Key
	for _, k := range keys {
		made, err := newSigningKey(k, s)
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalPKIXPublicKey(made.public)
		if err != nil {
			return nil, &KeyError{k.Name, err.Error()}
		}
		public = append(public, Key{k.Name, base64.StdEncoding.EncodeToString(der)})
	}
	return public, nil
}

// asymmetric returns the scheme whose key pair p uses; nil where its first scheme
// has a secret that both sides know.
func asymmetric(p *provider.Profile) *provider.Scheme {
	for i := range p.Signatures.Schemes {
		if s := &p.Signatures.Schemes[i]; !s.Legacy {
			if s.Algorithm.Asymmetric() {
				return s
			}
			return nil
		}
	}
	return nil
}

// CheckKey reports, as nil, that k is a key for at least one scheme of p, for
// signing or for verifying. The error is that of the first scheme, a *KeyError.
func CheckKey(p *provider.Profile, k Key) error {
	if err := CheckVerifyingKey(p, k); err == nil {
		return nil
	}
	return checkKey(p, k, newSigningKey)
}

// CheckVerifyingKey does what CheckKey does for verifying alone.
func CheckVerifyingKey(p *provider.Profile, k Key) error { return checkKey(p, k, newVerifyingKey) }

func checkKey(p *provider.Profile, k Key, read func(Key, *provider.Scheme) (*key, error)) error {
	var fault error
	for i := range p.Signatures.Schemes {
		_, err := read(k, &p.Signatures.Schemes[i])
		if err == nil {
			return nil
		}
		if fault == nil {
			fault = err
		}
	}
	return fault
}
