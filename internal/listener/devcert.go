package listener

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/whole"
)

const (
	devCertFile = "dev-cert.pem"
	devKeyFile  = "dev-key.pem"
	// Apple's systems refuse certificates that live longer than 825 days.
	devCertLife = 365 * 24 * time.Hour
	// devCertRenew is how long before its end a certificate is replaced.
	devCertRenew = 30 * 24 * time.Hour
)

// TLSConfig is the configuration for cert. Only HTTP/1.1 is offered, whose heads
// can be kept exactly.
func TLSConfig(cert tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}
}

// Fingerprint is the SHA-256 of cert, as browsers show it: "A1:B2:…".
func Fingerprint(cert tls.Certificate) string {
	sum := sha256.Sum256(cert.Certificate[0])
	hex := make([]string, len(sum))
	for i, b := range sum {
		hex[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(hex, ":")
}

// DevCertificate returns the development certificate kept in dir, for localhost
// and the loopback addresses. It is made anew where there is none, or where it
// is about to end. The files are readable by their owner alone, and unfinished may be nil.
func DevCertificate(dir string, now time.Time, unfinished *whole.Unfinished) (tls.Certificate, error) {
	certPath, keyPath := filepath.Join(dir, devCertFile), filepath.Join(dir, devKeyFile)
	for _, path := range []string{certPath, keyPath} {
		if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
			return tls.Certificate{}, fmt.Errorf("%s is not a regular file", path)
		}
	}
	cert, err := tls.LoadX509KeyPair(certPath, keyPath)
	if err == nil && now.Before(cert.Leaf.NotAfter.Add(-devCertRenew)) {
		return cert, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cert, fmt.Errorf("%w; delete %s and %s to have new ones made", err, certPath, keyPath)
	}
	certPEM, keyPEM, err := newDevCertificate(now)
	if err != nil {
		return cert, err
	}
	for _, file := range []struct {
		path string
		text []byte
	}{{keyPath, keyPEM}, {certPath, certPEM}} {
		if err := unfinished.Write(file.path, file.text, 0o600); err != nil {
			return cert, err
		}
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}

func newDevCertificate(now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "hookctl development certificate"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(devCertLife),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	return certPEM, keyPEM, nil
}
