package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

// Shells lists the shells that completions are made for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func newCompletion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print the completion script of a shell",
		Long: `Print a script that completes hookctl's commands and flags, their values, and
capture ids in your shell: bash, zsh, fish or powershell. The examples put it
where the shell looks for it.`,
		Example: `  mkdir -p ~/.local/share/bash-completion/completions
  hookctl completion bash > ~/.local/share/bash-completion/completions/hookctl
  hookctl completion zsh > "${fpath[1]}/_hookctl"
  hookctl completion fish > ~/.config/fish/completions/hookctl.fish
  hookctl completion powershell >> $PROFILE`,
		GroupID:   groupSetup,
		ValidArgs: shells(),
		Args:      exactArgs("bash, zsh, fish or powershell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.global.json {
				return usage("leave --json out", "completion %s: a script is printed as it is, which is no JSON", args[0])
			}
			return writeCompletion(a.world.Stdout, cmd.Root(), args[0])
		},
	}
}

func writeCompletion(w io.Writer, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return usage("", "completion: %w", oneOf(shell, shells()...))
}

// completeCaptures offers the ids of the latest captures.
func (a *app) completeCaptures(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return a.completeIDs(cmd, "last\tthe latest capture", func(s *store.Store, add func(id hook.ID, about string)) {
		for c, err := range s.Captures(cmd.Context(), latest(offeredIDs)) {
			if err == nil { // a damaged row cannot be offered; the others can
				add(c.ID, c.Method+" "+c.Path())
			}
		}
	})
}

// completeAttempts offers the ids of the latest attempts, the first argument.
func (a *app) completeAttempts(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeIDs(cmd, "last\tthe latest attempt", func(s *store.Store, add func(id hook.ID, about string)) {
		for t, err := range s.Attempts(cmd.Context(), store.AttemptQuery{Limit: offeredIDs, Bare: true}) {
			if err == nil {
				add(t.ID, cmp.Or(t.Event, t.Method)+" "+cmp.Or(t.Failure, strconv.Itoa(t.Status)))
			}
		}
	})
}

// offeredIDs is how many ids a shell is offered.
const offeredIDs = 50

// storeToComplete opens the store for reading; nil where it cannot be, with what a shell is
// told then.
func (a *app) storeToComplete(cmd *cobra.Command) (*store.Store, cobra.ShellCompDirective) {
	if a.settle(cmd) != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	s, err := a.openStoreWith(store.Options{ReadOnly: true})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return s, 0
}

// completeIDs offers the first word, and what list adds from the store.
func (a *app) completeIDs(cmd *cobra.Command, first string, list func(s *store.Store, add func(id hook.ID, about string))) ([]string, cobra.ShellCompDirective) {
	s, failure := a.storeToComplete(cmd)
	if s == nil {
		return nil, failure
	}
	defer s.Close()
	ids := []string{first}
	list(s, func(id hook.ID, about string) {
		ids = append(ids, fmt.Sprintf("%s\t%s", id, safeWord(about)))
	})
	return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// completeSeenEvents offers the events of the latest captures and attempts.
func (a *app) completeSeenEvents(cmd *cobra.Command) ([]string, cobra.ShellCompDirective) {
	const looked = 200
	s, failure := a.storeToComplete(cmd)
	if s == nil {
		return nil, failure
	}
	defer s.Close()
	seen := map[string]bool{}
	for c, err := range s.Captures(cmd.Context(), latest(looked)) {
		if err == nil && c.Identity != nil {
			seen[c.Identity.Event.Type] = true
		}
	}
	for t, err := range s.Attempts(cmd.Context(), store.AttemptQuery{Limit: looked, Bare: true}) {
		if err == nil {
			seen[t.Event] = true
		}
	}
	delete(seen, "")
	var names []string
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		names = append(names, safeWord(name))
	}
	return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
