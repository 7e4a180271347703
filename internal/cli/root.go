package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The groups of the help, in order.
const (
	groupReceive = "receive"
	groupSend    = "send"
	groupCheck   = "check"
	groupLook    = "look"
	groupSetup   = "setup"
)

// globalFlags are the flags that every command has.
type globalFlags struct {
	config  string
	store   string
	json    bool
	quiet   bool
	verbose bool
	noColor bool
}

// An app is one run of the program: its world and its global flags.
type app struct {
	world  *World
	global globalFlags
	file   *configFile // nil where there is none
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "hookctl",
		Short:         "receive, keep, forward, sign, verify and look at webhooks",
		Long:          "hookctl receives webhooks on a local port, keeps each one on disk exactly as it\nwas sent, forwards it to your dev server and shows both sides of the exchange.\nIt knows who sends and how they sign, and says why a signature fails. It needs\nno account and no network but the targets you name.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Example:       "  hookctl listen --forward-to http://localhost:3000\n  hookctl captures list\n  hookctl verify last --explain",
		Args:          cobra.ArbitraryArgs,
		CompletionOptions: cobra.CompletionOptions{
			DisableDefaultCmd: true, // ours stands in a group, with an exit status
		},
	}
	version := root.Flags().Bool("version", false, "print the version")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *version && len(args) == 0 {
			return a.printVersion()
		}
		return helpOrUnknown(cmd, args)
	}
	root.AddGroup(
		&cobra.Group{ID: groupReceive, Title: "Receive"},
		&cobra.Group{ID: groupSend, Title: "Send"},
		&cobra.Group{ID: groupCheck, Title: "Check"},
		&cobra.Group{ID: groupLook, Title: "Look"},
		&cobra.Group{ID: groupSetup, Title: "Set up"},
	)
	root.SetHelpCommand(newHelp())
	addGlobalFlags(root.PersistentFlags(), &a.global)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkOnce(cmd); err != nil {
			return err
		}
		return a.settle(cmd)
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { writeHelp(cmd) })
	root.SetUsageFunc(func(*cobra.Command) error { return nil })
	root.AddCommand(
		newListen(a), newForward(a), newReplay(a), newSend(a), newSimulate(a), newSign(a), newVerify(a), newValidate(a),
		newCaptures(a), newAttempts(a), newProvider(a), newCatalog(a),
		newEndpoint(a), newSecret(a), newDoctor(a), newCI(a), newCompletion(a), newVersion(a),
	)
	keepFlagOrder(root)
	return root
}

func addGlobalFlags(flags *pflag.FlagSet, g *globalFlags) {
	flags.StringVar(&g.config, "config", "", "configuration `FILE` (default: hookctl.yaml, searched upward from here)")
	flags.StringVar(&g.store, "store", "", "`DIR` of the captures (default: .hookctl beside hookctl.yaml, else the user's data folder)")
	markPath(flags, "config", "store")
	flags.BoolVar(&g.json, "json", false, "print JSON: one object a line for lists and streams")
	flags.BoolVarP(&g.quiet, "quiet", "q", false, "print errors and warnings only")
	flags.BoolVarP(&g.verbose, "verbose", "v", false, "print more: listen shows verdicts in words, and the beginning of every answer")
	flags.BoolVar(&g.noColor, "no-color", false, "print without colour, also on a terminal")
}

// helpOrUnknown is what a command does that only holds others.
func helpOrUnknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	hint := cmd.CommandPath() + " --help lists the commands"
	if near := commandMeant(cmd, args[0]); near != "" {
		hint = "did you mean " + cmd.CommandPath() + " " + near + "?"
	}
	return usage(hint, "unknown command %q for %s", args[0], cmd.CommandPath())
}

// flagError says what is wrong with a flag, in our own voice.
func flagError(cmd *cobra.Command, err error) error {
	help := cmd.CommandPath() + " --help lists the flags"
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown):
		if unknown.GetSpecifiedShortnames() != "" {
			return usage(help, "unknown flag -%s", unknown.GetSpecifiedName())
		}
		if near := flagMeant(cmd, unknown.GetSpecifiedName()); near != "" {
			help = "did you mean --" + near + "?"
		}
		return usage(help, "unknown flag --%s", unknown.GetSpecifiedName())
	case errors.As(err, &invalid):
		return usage("", "--%s: %w", invalid.GetFlag().Name, valueError(invalid.GetFlag(), invalid.GetValue(), errors.Unwrap(err)))
	case errors.As(err, &missing):
		return usage(help, "--%s wants a value", missing.GetSpecifiedName())
	}
	return usage(help, "%w", err)
}

// valueError gives the errors of pflag's own types, which name Go functions, our form.
func valueError(flag *pflag.Flag, value string, err error) error {
	switch flag.Value.Type() {
	case "bool":
		return fmt.Errorf("want true or false, got %q", value)
	case "uint16":
		return fmt.Errorf("want a port from 0 to 65535, got %q", value)
	case "int", "int64":
		return fmt.Errorf("want a whole number, got %q", value)
	case "duration":
		return fmt.Errorf("want a duration such as 500ms, 30s or 5m, got %q", value)
	}
	return err
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// noArgs refuses arguments where there is nothing they could mean.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(cmd.CommandPath()+" --help shows the form", "%s takes no arguments, got %q", nameOf(cmd), args[0])
	}
	return nil
}

// atMostOne allows one argument, which what names.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("the form is: "+cmd.UseLine(), "want one %s at most, got %q too", what, args[1])
		}
		return nil
	}
}

// exactArgs demands one argument for each of the names.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		form := "the form is: " + cmd.UseLine()
		if len(args) < len(names) {
			return usage(form, "%s: %s is missing", nameOf(cmd), names[len(args)])
		}
		if len(args) > len(names) {
			return usage(orDefault(argumentMeant(cmd, args[len(names)]), form), "%s: one argument too many, %q", nameOf(cmd), withoutUser(args[len(names)]))
		}
		return nil
	}
}

// nameOf is the name of a command in messages, which begin with that of the program.
func nameOf(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}

// out returns the printer for data.
func (a *app) out() *render.Printer {
	return render.New(a.world.Stdout, a.printing(a.world.StdoutTerminal))
}

// telling is where commands tell people what happens as it does, which --quiet spares them.
func (a *app) telling() io.Writer {
	if a.global.quiet && !a.global.json {
		return io.Discard
	}
	return a.world.Stdout
}

// messages returns the printer for status and errors.
func (a *app) messages() *render.Printer {
	return render.New(a.world.Stderr, a.printing(a.world.StderrTerminal))
}

func (a *app) printing(terminal bool) render.Options {
	o := render.Options{Color: a.color(terminal), Quiet: a.global.quiet, Verbose: a.global.verbose, Location: time.Local, Now: a.world.Now}
	if terminal {
		o.Width = a.world.Width()
	}
	return o
}

// color decides by the flag, then the conventions NO_COLOR and CLICOLOR_FORCE,
// then whether a person looks on.
func (a *app) color(terminal bool) bool {
	set := func(name string) bool { v, ok := a.world.LookupEnv(name); return ok && v != "" && v != "0" }
	switch {
	case a.global.noColor, set("NO_COLOR"):
		return false
	case set("CLICOLOR_FORCE"):
		return true
	}
	term, _ := a.world.LookupEnv("TERM")
	return terminal && term != "dumb"
}
