package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// A buildVersion is what the binary knows of its own making.
type buildVersion struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "print the version",
		Long:    "Print the version, the commit it was built from, and the Go release that built\nit. Nothing is looked up: no file is opened and no network is used.",
		GroupID: groupSetup,
		Args:    noArgs,
		// Its own PreRun keeps it from looking for a configuration file.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return nil },
		RunE:              func(*cobra.Command, []string) error { return a.printVersion() },
	}
}

func (a *app) printVersion() error {
	v := readVersion()
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, v)
	}
	_, err := fmt.Fprintln(a.world.Stdout, v)
	return err
}

// readVersion takes the version from the build information that Go embeds.
func readVersion() buildVersion {
	v := buildVersion{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Date = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func (v buildVersion) String() string {
	text := "hookctl " + v.Version
	if v.Commit != "" {
		text += " (commit " + v.Commit[:min(12, len(v.Commit))]
		if v.Modified {
			text += ", modified"
		}
		text += ")"
	}
	return text + " " + v.Go + " " + v.Platform
}
