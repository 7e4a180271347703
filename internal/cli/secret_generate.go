package cli

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/spf13/cobra"
)

const (
	// hexSecret and base64Secret are how many random bytes a secret of the form has.
	hexSecret    = 32
	base64Secret = 24
	rsaBits      = 2048
)

func newSecretGenerate(a *app) *cobra.Command {
	force := false
	cmd := &cobra.Command{
		Use:   "generate PROVIDER [flags]",
		Short: "make a local secret, or print the one that is there",
		Long: `Make a secret of the form that the provider's have, keep it, and print it alone
on standard output. Where the provider signs with a key pair it is the private
key; secret show --public prints the other half.

A secret that is there stays as it is, and is printed, unless --force is given:
what was signed with it would not verify any more.

` + profileHelp,
		Example:           "  hookctl secret generate recharge\n  export WEBHOOK_SECRET=$(hookctl secret generate svix)",
		Args:              exactArgs("the provider"),
		ValidArgsFunction: a.completeFirst,
		RunE: func(_ *cobra.Command, args []string) error {
			return runSecretGenerate(a, args[0], force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "make a new one in the place of one that is there")
	return cmd
}

func runSecretGenerate(a *app, name string, force bool) error {
	p, path, err := a.secretOwner(name)
	if err != nil {
		return err
	}
	if err := signs(p); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil && !force {
		if err := runSecretShow(a, name, false); err != nil {
			return err
		}
		a.messages().Status("this is the local secret for " + p.Name + " that was there; --force makes a new one")
		return nil
	}
	text, err := generate(p)
	if err != nil {
		return cannot("hookctl secret set "+name+" keeps one of your own", fmt.Errorf("making a secret for %s: %w", p.Name, err))
	}
	if err := a.keepSecret(path, text); err != nil {
		return cannot("--store DIR names another place", fmt.Errorf("keeping the secret of %s: %w", p.Name, err))
	}
	a.messages().Status("kept in " + a.relative(path) + "; hookctl secret show " + name + " prints it again")
	return a.printSecret(p.Name, "secret", text)
}

// generate makes a secret as p has them.
func generate(p *provider.Profile) (string, error) {
	text, err := makeSecret(secretForm(p), p.Secret.Bytes)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(text, "-----BEGIN") {
		text = secretPrefix(p) + text
	}
	return text, signature.CheckKey(p, signature.Key{Name: "the new secret", Secret: text})
}

// secretPrefix is what a secret begins with: also the name before the colon where
// the profile does not say one, since Basic authentication takes no password alone.
func secretPrefix(p *provider.Profile) string {
	if p.Signatures.Schemes[0].Algorithm == provider.Basic && !strings.Contains(p.Secret.Prefix, ":") {
		return p.Secret.Prefix + "hookctl:"
	}
	return p.Secret.Prefix
}

// secretForm is the form that the profile says, else the one that its first scheme takes.
func secretForm(p *provider.Profile) provider.SecretForm {
	s := p.Signatures.Schemes[0]
	switch {
	case p.Secret.Form != "":
		return p.Secret.Form
	case s.Algorithm == provider.Ed25519:
		return provider.SecretEd25519
	case s.Algorithm == provider.ECDSAP256:
		return provider.SecretECDSA
	case s.Algorithm.Asymmetric():
		return provider.SecretRSA
	case s.Key.Encoding == provider.KeyBase64:
		return provider.SecretBase64
	}
	return provider.SecretHex
}

// makeSecret makes a secret of a form, of size random bytes where that is not 0.
func makeSecret(form provider.SecretForm, size int) (string, error) {
	switch form {
	case provider.SecretHex:
		return hex.EncodeToString(randomBytes(cmp.Or(size, hexSecret))), nil
	case provider.SecretBase64:
		return base64.StdEncoding.EncodeToString(randomBytes(cmp.Or(size, base64Secret))), nil
	case provider.SecretEd25519:
		return hex.EncodeToString(randomBytes(ed25519.SeedSize)), nil
	case provider.SecretECDSA:
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		return privatePEM(key, err)
	case provider.SecretRSA:
		key, err := rsa.GenerateKey(rand.Reader, rsaBits)
		return privatePEM(key, err)
	}
	return "", errors.New("there is no form " + string(form))
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

func privatePEM(key any, err error) (string, error) {
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))), nil
}
