package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

func newSecret(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "secret",
		Aliases: []string{"secrets"},
		Short:   "make, keep and print local signing secrets",
		Long: `Keep a secret for a provider on this machine, so that sign, verify and listen
need no --secret: one that was made here for tests, or one that you copied from
the provider. Each is in a file of its own that only you can read, beside the
captures.

What --secret or hookctl.yaml name takes the place of the local secret.`,
		GroupID: groupSetup,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(newSecretGenerate(a), newSecretShow(a), newSecretSet(a), newSecretList(a))
	return cmd
}

// secretOwner returns the profile that a secret is for, and the file of the secret.
func (a *app) secretOwner(name string) (*provider.Profile, string, error) {
	set, err := a.providers()
	if err != nil {
		return nil, "", err
	}
	p, err := set.profileOf(name)
	if err != nil {
		return nil, "", err
	}
	path, err := a.localSecretPath(p.Name)
	return p, path, err
}

// signs refuses a provider for which a secret would be of no use.
func signs(p *provider.Profile) error {
	if len(p.Signatures.Schemes) > 0 {
		return nil
	}
	return usage("hookctl provider show "+p.Name+" says more", "%s does not sign its messages: there is nothing to use a secret for", p.Name)
}

// usesKeyPair reports whether p signs with a private key, and is verified with the
// public one.
func usesKeyPair(p *provider.Profile) bool {
	for i := range p.Signatures.Schemes {
		if s := &p.Signatures.Schemes[i]; !s.Legacy {
			return s.Algorithm.Asymmetric()
		}
	}
	return false
}

// warnReadable warns of a secret that others may read.
func (a *app) warnReadable(path string) {
	if info, err := os.Stat(path); err == nil && readableByOthers(info) {
		a.messages().Warn(fmt.Sprintf("%s is %v: others may read it; chmod 600 %s", path, info.Mode().Perm(), path))
	}
}

// printSecret writes a secret alone: byte for byte, but where a person looks on.
func (a *app) printSecret(name, key, text string) error {
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, map[string]string{"provider": name, key: text})
	}
	if a.world.StdoutTerminal {
		text = render.SafeLines(text)
	}
	_, err := fmt.Fprintln(a.world.Stdout, text)
	return err
}

// keepSecret writes a secret as a whole, for its owner alone.
func (a *app) keepSecret(path, text string) error {
	dir := filepath.Dir(path)
	if err := a.makeStoreFolder(); err != nil {
		return err
	}
	if err := makePrivate(dir); err != nil {
		return err
	}
	// The folder may lie in a repository, beside hookctl.yaml.
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Lstat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := a.world.Unfinished.Write(ignore, []byte("*\n"), privateFile); err != nil {
			return err
		}
	}
	return a.world.Unfinished.Write(path, []byte(text+"\n"), privateFile)
}

// What is for its owner alone.
const (
	privateFile   = 0o600
	privateFolder = 0o700
)

// makePrivate makes a folder for its owner alone, whatever the umask says. One that is there
// stays as it is.
func makePrivate(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), privateFolder); err != nil {
		return err
	}
	if err := os.Mkdir(dir, privateFolder); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	return os.Chmod(dir, privateFolder)
}
