package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// access is what a command wants to do with the store.
type access int

const (
	readWrite access = iota
	readOnly
	existing // readWrite, where there is a store already
)

// openStore opens the store that the flags name. One that an older hookctl made is brought
// up to date first, also to be read, where it can be written.
func (a *app) openStore(how access) (*store.Store, error) {
	s, err := a.openStoreWith(store.Options{ReadOnly: how == readOnly, Existing: how == existing})
	if how != readOnly || !errors.Is(err, store.ErrOlder) {
		return s, err
	}
	newer, refused := a.openStoreWith(store.Options{})
	if refused == nil {
		refused = newer.Close()
	}
	switch {
	case errors.Is(refused, store.ErrReadOnly):
		return nil, err
	case refused != nil:
		return nil, refused
	}
	return a.openStoreWith(store.Options{ReadOnly: true})
}

func (a *app) openStoreWith(o store.Options) (*store.Store, error) {
	dir, err := a.storeDir()
	if err != nil {
		return nil, err
	}
	o.Beside = besideStore()
	s, err := store.Open(dir, o)
	if err != nil {
		return nil, err
	}
	if mode := s.Shared(); mode != 0 {
		a.messages().Warn(sharedFolder(dir, mode))
		a.messages().Hint(ownFolderHint)
	}
	return s, nil
}

// besideStore are patterns of the names of what hookctl has in the store's folder beside
// the store: see store.Options.
func besideStore() []string {
	return []string{secretsFolder, catalogsFolder, locksFolder, "dev-cert.pem", "dev-key.pem", ".hookctl-*"}
}

// makeStoreFolder makes the folder of the store where there is none, for what is kept in it
// before there are captures.
func (a *app) makeStoreFolder() error {
	dir, err := a.storeDir()
	if err != nil {
		return err
	}
	return store.MakeFolder(dir)
}

const ownFolderHint = "--store DIR names a folder that is the store's alone, and is closed to others"

// sharedFolder says that the folder of the store is open to others, for there are other
// files in it.
func sharedFolder(dir string, mode fs.FileMode) string {
	const writable = 0o022
	may := "look into it"
	if mode&writable != 0 {
		may = "write to it"
	}
	return fmt.Sprintf("%s is %v, and stays so for what else is in it: others may %s", dir, mode, may)
}

// withStore runs do on the opened store and closes it.
func (a *app) withStore(how access, do func(*store.Store) error) (err error) {
	s, err := a.openStore(how)
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	return do(s)
}

// latest is the query for the newest n captures.
func latest(n int) store.Query { return store.Query{Limit: n} }

// A selection is how a command is told which captures it is for: ids, a query,
// or all of them.
type selection struct {
	ids   []string
	query string
	all   bool
	limit int
}

// flags adds --query and --all.
func (sel *selection) flags(flags *pflag.FlagSet, verb string) {
	flags.StringVar(&sel.query, "query", "", verb+" the captures that fit `QUERY`, such as 'path:/orders/* status:>=500 since:2h'")
	flags.BoolVar(&sel.all, "all", false, verb+" all captures")
}

// check demands that exactly one way is used.
func (sel *selection) check(cmd *cobra.Command) error {
	ways := 0
	for _, used := range []bool{len(sel.ids) > 0, sel.query != "", sel.all} {
		if used {
			ways++
		}
	}
	switch {
	case ways == 0:
		return usage("give ids (last is one too), --query QUERY or --all", "%s: no captures are named", cmd.CommandPath())
	case ways > 1:
		return usage("", "%s: ids, --query and --all exclude each other", cmd.CommandPath())
	}
	return nil
}

// captures yields what is selected: ids in the order given, all else oldest first.
func (sel *selection) captures(ctx context.Context, a *app, s *store.Store) (iter.Seq2[*hook.Capture, error], error) {
	if len(sel.ids) > 0 {
		return func(yield func(*hook.Capture, error) bool) {
			for _, id := range sel.ids {
				if !yield(s.Find(ctx, id)) {
					return
				}
			}
		}, nil
	}
	query, err := store.ParseQuery(sel.query, a.world.Now())
	if err != nil {
		return nil, err
	}
	query.Limit = sel.limit
	query.Ascending = true
	return s.Captures(ctx, query), nil
}

// safeWord makes foreign text fit for one place in a line.
func safeWord(text string) string { return render.Safe(text) }
