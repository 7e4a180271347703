package cli

import (
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/spf13/cobra"
)

// completeCatalog completes the first argument with the providers that have a catalog.
func (a *app) completeCatalog(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.catalogNames(cmd, args, word)
}

// catalogNames offers the providers that have a catalog, and folders.
func (a *app) catalogNames(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if a.settle(cmd) != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	set, err := a.catalogs()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names, err := set.names()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return names, cobra.ShellCompDirectiveDefault
}

// completeEvent completes a provider, then one of its events.
func (a *app) completeEvent(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	switch len(args) {
	case 0:
		return a.catalogNames(cmd, args, word)
	case 1:
		return a.eventNames(cmd, args[0])
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// eventNames offers the events of a provider.
func (a *app) eventNames(cmd *cobra.Command, name string) ([]string, cobra.ShellCompDirective) {
	if a.settle(cmd) != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	set, err := a.catalogs()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	c, err := set.load(name)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, list := range [][]catalog.Event{c.Events, c.Families} {
		for i := range list {
			names = append(names, safeWord(list[i].Type)+"\t"+safeWord(list[i].About))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
