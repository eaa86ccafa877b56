"""The objects around users' pods; the pods themselves are made by KubeSpawner."""
