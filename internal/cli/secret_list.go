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

func newSecretList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the providers that have a local secret",
		Long:    "List the providers that have a local secret, and never the secrets.",
		Example: "  hookctl secret list",
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return runSecretList(a) },
	}
}

// writeKept tells programs where the secret of a provider is kept, and never the secret.
func (a *app) writeKept(name, path string) error {
	return render.WriteJSON(a.world.Stdout, map[string]string{"provider": name, "path": path})
}

func runSecretList(a *app) error {
	dir, err := a.localSecretPath("")
	if err != nil {
		return err
	}
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannot("", fmt.Errorf("local secrets: %w", err))
	}
	n := 0
	for _, file := range files {
		if provider.CheckName(file.Name()) != nil || !file.Type().IsRegular() && file.Type() != fs.ModeSymlink {
			continue // none of ours
		}
		n++
		path := filepath.Join(dir, file.Name())
		a.warnReadable(path)
		if a.global.json {
			err = a.writeKept(file.Name(), path)
		} else {
			_, err = fmt.Fprintln(a.world.Stdout, file.Name())
		}
		if err != nil {
			return err
		}
	}
	if n == 0 && !a.global.json {
		a.messages().Status("there are no local secrets; hookctl secret generate PROVIDER makes one")
	}
	return nil
}
