package rule

// All are the rules, in order of precedence: where two contradict each other, the first one wins.
var All = []*Rule{
	ImageRunsAsRoot,
	ImageSwitchesBackToRoot,
	ImageUserCreatedButUnused,
	ImageUserUnknown,
	ImageUserNotNumeric,
	ImageUserWithoutGroup,
	ServiceRunsAsRoot,
	ServiceTmpfsOwnedByRoot,
	ServiceIsPrivileged,
	ServiceAddsAllCapabilities,
	ServiceKeepsDefaultCapabilities,
	ServiceAllowsNewPrivileges,
	ServiceUserIsName,
	ServiceUserWithoutGroup,
	ServiceAddsDangerousCapability,
	ServiceSharesHostNamespace,
	ServiceOptsOutOfUserNamespace,
	ServiceHasUnconfinedProfile,
	ServiceMountsDockerSocket,
	ServiceMountsHostPath,
	ServiceKeepsSparePrivileges,
	DaemonLacksUserNamespaceRemap,
	LaunchIsPrivileged,
	LaunchRunsAsRoot,
	PodRunsAsRoot,
	PodGivesFilesAway,
	PodMayRunAsRoot,
	ChartPodsMayRunAsRoot,
	PodLacksSeccompProfile,
	ContainerIsPrivileged,
	ContainerAllowsPrivilegeEscalation,
	ContainerKeepsDefaultCapabilities,
	ContainerAddsCapability,
	ContainerUsesHostPort,
	ContainerUnmasksProc,
	PodSharesHostNetwork,
	PodSharesHostPID,
	PodSharesHostIPC,
	PodMountsHostPath,
	PodMountsDiskDirectly,
	PodSetsUnsafeSysctl,
	PodIsHostProcess,
	PodUsesHostUserNamespace,
	NamespaceLacksPodSecurity,
}

// Find returns the rule with an id, nil if there is none.
func Find(id string) *Rule {
	for _, r := range All {
		if r.ID == id {
			return r
		}
	}
	return nil
}
