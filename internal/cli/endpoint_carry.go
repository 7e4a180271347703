package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/store"
)

// movedStore are the folders of the store before edit makes a hookctl.yaml, and after:
// a store is beside that. It reports false where they are one.
func (a *app) movedStore(edit *configEdit, fresh *app) (before, after string, moved bool) {
	if !edit.made {
		return "", "", false
	}
	before, failed := a.storeDir()
	after, err := fresh.storeDir()
	return before, after, failed == nil && err == nil && before != after
}

// carryOver copies what the user has made for signing and checking, and what would not
// count beside a new hookctl.yaml: local secrets, and catalogs that were imported.
func (a *app) carryOver(edit *configEdit, fresh *app) {
	before, after, moved := a.movedStore(edit, fresh)
	if !moved {
		return
	}
	for _, kind := range []struct {
		what, folder string
		fits         func(fs.FileMode) bool
		copy         func(from, to string) error
	}{
		{"local secret", secretsFolder, fs.FileMode.IsRegular, fresh.copySecret},
		{"imported catalog", catalogsFolder, fs.FileMode.IsDir, fresh.copyCatalog},
	} {
		names := a.carry(filepath.Join(before, kind.folder), filepath.Join(after, kind.folder), kind.fits, kind.copy)
		if len(names) > 0 {
			edit.carried = append(edit.carried, counted(len(names), kind.what))
		}
	}
}

// carry copies what a folder has of the providers into another, unless it is there, and
// returns their names. fits says which of its files are meant. What cannot be copied is
// told of, and stays where it is.
func (a *app) carry(from, to string, fits func(fs.FileMode) bool, copy func(from, to string) error) []string {
	entries, err := os.ReadDir(from)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.messages().Warn(err.Error())
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		source, target := filepath.Join(from, name), filepath.Join(to, name)
		info, err := os.Stat(source)
		if err != nil || provider.CheckName(name) != nil || name == endpointSecrets || !fits(info.Mode()) {
			continue
		}
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		if err := copy(source, target); err != nil {
			a.messages().Warn(fmt.Sprintf("%s was not copied to %s: %v", source, a.relative(target), err))
			continue
		}
		names = append(names, name)
	}
	return names
}

func (a *app) copySecret(from, to string) error {
	text, err := readSecretFile(from)
	if err != nil {
		return err
	}
	return a.keepSecret(to, text)
}

func (a *app) copyCatalog(from, to string) error {
	if err := a.makeStoreFolder(); err != nil {
		return err
	}
	return importer.Take(from, to, importer.Private())
}

// tellNewConfig says that there is a hookctl.yaml now, and what that changes: what was kept
// before is elsewhere.
func (a *app) tellNewConfig(edit *configEdit, fresh *app) {
	if !edit.made {
		return
	}
	m := a.messages()
	made := "made " + a.relative(edit.path)
	before, after, moved := a.movedStore(edit, fresh)
	if !moved {
		m.Status(made)
		return
	}
	made += "; things are kept beside it in " + a.relative(after) + " from now on"
	if len(edit.carried) > 0 {
		made += ", with copies of " + strings.Join(edit.carried, " and ")
	}
	s, err := store.Open(before, store.Options{ReadOnly: true})
	switch {
	case errors.Is(err, store.ErrNotExist):
		m.Status(made) // nothing was ever kept
		return
	case err == nil:
		_ = s.Close() // it was not even read
	}
	m.Warn(made + "; captures and deliveries from before stay in " + before)
	m.Hint("store: " + before + " in " + configName + " keeps on using that, as a hookctl listen that runs does until it is started anew")
}
