package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/signature"
)

// secretRefHelp says how a secret is named, for help texts.
const secretRefHelp = `REF is env:NAME for an environment variable, file:PATH for a file, - for
standard input, or the secret itself, which then shows in the process list and
the shell's history.`

// maxSecret is the longest secret that is read, in bytes: a PEM key with room to spare.
const maxSecret = 64 << 10

// secretKeys reads the secrets that --secret names.
func (a *app) secretKeys(refs []string) ([]signature.Key, error) {
	var keys []signature.Key
	exposed := false
	for _, ref := range refs {
		key, err := a.secretKey(ref, a.world.Dir)
		if err != nil {
			return nil, err
		}
		if key.Name == "" {
			exposed = exposed || a.isArgument(ref)
			key.Name = fmt.Sprintf("--secret %d", len(keys)+1)
			if len(refs) == 1 {
				key.Name = "--secret"
			}
		}
		keys = append(keys, key)
	}
	if exposed {
		a.messages().Warn("a secret on the command line shows in the process list; --secret env:NAME or file:PATH does not")
	}
	return keys, nil
}

// isArgument reports whether text stands on the command line.
func (a *app) isArgument(text string) bool {
	return slices.ContainsFunc(a.world.Args, func(arg string) bool { return strings.Contains(arg, text) })
}

// secretKey reads the secret that ref names, a file relative to dir. A literal
// secret has no name.
func (a *app) secretKey(ref, dir string) (signature.Key, error) {
	if name, ok := strings.CutPrefix(ref, "env:"); ok {
		if name == "" {
			return signature.Key{}, usage("such as --secret env:WEBHOOK_SECRET", "secret env: wants the name of an environment variable")
		}
		text, ok := a.world.LookupEnv(name)
		if !ok || text == "" {
			return signature.Key{}, usage("export "+name+"=… sets it", "secret %s: the environment variable is not set", ref)
		}
		return signature.Key{Name: ref, Secret: text}, nil
	}
	if path, ok := strings.CutPrefix(ref, "file:"); ok {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		text, err := readSecretFile(path)
		if err != nil {
			return signature.Key{}, unreadable("secret "+ref, err)
		}
		return signature.Key{Name: ref, Secret: text}, nil
	}
	if ref == "-" {
		text, err := readSecret(a.world.Stdin)
		if err != nil {
			return signature.Key{}, unreadable("secret from standard input", err)
		}
		return signature.Key{Name: "standard input", Secret: text}, nil
	}
	if ref == "" {
		return signature.Key{}, usage("--secret env:NAME, file:PATH or - name one", "--secret: want a secret, got nothing")
	}
	return signature.Key{Secret: ref}, nil
}

// unreadable is the failure of a secret that cannot be read: none at all is a
// mistake of usage, like no --secret.
func unreadable(what string, err error) error {
	if errors.Is(err, errNothing) {
		return usage("", "%s: %w", what, err)
	}
	return cannot("", fmt.Errorf("%s: %w", what, err))
}

// errNothing is the error of an empty secret.
var errNothing = errors.New("there is nothing in it")

func readSecretFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	return readSecret(file)
}

// readSecret reads a secret without the line break at its end, which editors add.
func readSecret(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSecret+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxSecret {
		return "", fmt.Errorf("want a secret of at most %d bytes", maxSecret)
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	if len(text) == 0 {
		return "", errNothing
	}
	return string(text), nil
}

// secretsFolder is where the store's folder has the local secrets.
const secretsFolder = "secrets"

// localSecretPath is the file of the secret that hookctl keeps for a provider.
func (a *app) localSecretPath(name string) (string, error) {
	dir, err := a.storeDir()
	return filepath.Join(dir, secretsFolder, name), err
}

// localSecret returns the secret that hookctl keeps for a provider; false where it
// keeps none.
func (a *app) localSecret(name string) (signature.Key, bool, error) {
	path, err := a.localSecretPath(name)
	if err != nil {
		return signature.Key{}, false, err
	}
	text, err := readSecretFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, there := os.Lstat(path); there != nil {
			return signature.Key{}, false, nil
		}
		err = fmt.Errorf("%s is a link that leads nowhere", path)
	}
	if err != nil {
		return signature.Key{}, false, cannot("hookctl secret set "+name+" writes it anew", fmt.Errorf("the local secret of %s: %w", name, err))
	}
	return signature.Key{Name: localSecretName(name), Secret: text}, true, nil
}

// localSecretName is what the local secret of a provider is called.
func localSecretName(provider string) string { return "the local secret of " + provider }
