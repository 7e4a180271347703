package cli

import (
	"fmt"
	"io"

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
		Example: `  hookctl completion bash > ~/.local/share/bash-completion/completions/hookctl
  hookctl completion zsh > "${fpath[1]}/_hookctl"
  hookctl completion fish > ~/.config/fish/completions/hookctl.fish
  hookctl completion powershell >> $PROFILE`,
		GroupID:   groupSetup,
		ValidArgs: shells(),
		Args:      exactArgs("bash, zsh, fish or powershell"),
		RunE: func(cmd *cobra.Command, args []string) error {
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
	const offered = 50
	if a.settle(cmd) != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	s, err := a.openStoreWith(store.Options{ReadOnly: true})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer s.Close()
	ids := []string{"last\tthe latest capture"}
	for c, err := range s.Captures(cmd.Context(), latest(offered)) {
		if err != nil {
			continue // a damaged row cannot be offered; the others can
		}
		ids = append(ids, fmt.Sprintf("%s\t%s %s", c.ID, c.Method, safeWord(c.Path())))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
