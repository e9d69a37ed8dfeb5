# Spot machines of AWS EC2 for `reprise run --runner ssh:rented`: terraform apply -var machines=3

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    tls = {
      source  = "hashicorp/tls"
      version = "~> 4.0"
    }
  }
}

variable "machines" {
  description = "How many there are to be. Change it, and apply again, while a run goes on."
  type        = number
  default     = 1
}

variable "from" {
  description = "From where ssh is let in, such as 203.0.113.7/32: your own address."
  type        = string
}

variable "public_key" {
  description = "Path of your public ssh key."
  type        = string
  default     = "~/.ssh/id_ed25519.pub"
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "type" {
  description = "Type of the machines; one engine a core."
  type        = string
  default     = "c7i.2xlarge"
}

variable "hours" {
  description = "After so many hours a machine ends itself, whatever was forgotten."
  type        = number
  default     = 12
}

provider "aws" {
  region = var.region
}

# Debian's own images; Debian 13 has Node 20.19 in its archive.
data "aws_ami" "debian" {
  owners      = ["136693071363"]
  most_recent = true

  filter {
    name   = "name"
    values = ["debian-13-amd64-*"]
  }
}

# Made here and not on the machine, so that its public half is known before anything is sent there.
resource "tls_private_key" "host" {
  count     = var.machines
  algorithm = "ED25519"
}

resource "aws_security_group" "ssh" {
  name_prefix = "reprise-"
  description = "ssh in, anything out"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.from]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "machine" {
  count                                = var.machines
  ami                                  = data.aws_ami.debian.id
  instance_type                        = var.type
  associate_public_ip_address          = true
  vpc_security_group_ids               = [aws_security_group.ssh.id]
  instance_initiated_shutdown_behavior = "terminate"
  user_data_replace_on_change          = true

  user_data = templatefile("${path.module}/cloud-init.yaml", {
    authorized_key   = trimspace(file(pathexpand(var.public_key)))
    host_key_private = indent(4, trimspace(tls_private_key.host[count.index].private_key_openssh))
    host_key_public  = trimspace(tls_private_key.host[count.index].public_key_openssh)
    minutes          = var.hours * 60
  })

  instance_market_options {
    market_type = "spot"

    spot_options {
      spot_instance_type             = "one-time"
      instance_interruption_behavior = "terminate"
    }
  }

  metadata_options {
    http_tokens = "required"
  }

  lifecycle {
    ignore_changes = [ami]
  }

  tags = {
    Name = "reprise-${count.index}"
  }
}

# What Reprise asks for: terraform output -json hosts
output "hosts" {
  value = [
    for i, machine in aws_instance.machine : {
      host    = machine.public_ip
      user    = "reprise"
      hostKey = trimspace(tls_private_key.host[i].public_key_openssh)
    }
  ]
}
