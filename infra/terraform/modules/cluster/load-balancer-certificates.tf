# tls_mode acm: the controller requests certificates, proves the domain in the zone and removes them again. A policy of
# its own, because the other one is as long as IAM takes.

data "aws_iam_policy_document" "load_balancer_certificates" {
  count = var.tls_mode == "acm" ? 1 : 0

  statement {
    sid       = "Request"
    actions   = ["acm:RequestCertificate"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/elbv2.k8s.aws/cluster"
      values   = [var.name]
    }
  }

  statement {
    sid       = "TagWhatItRequests"
    actions   = ["acm:AddTagsToCertificate"]
    resources = ["arn:${local.partition}:acm:${local.region}:${local.account}:certificate/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/elbv2.k8s.aws/cluster"
      values   = [var.name]
    }
  }

  statement {
    sid       = "RemoveItsOwn"
    actions   = ["acm:DeleteCertificate"]
    resources = ["arn:${local.partition}:acm:${local.region}:${local.account}:certificate/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/elbv2.k8s.aws/cluster"
      values   = [var.name]
    }
  }

  statement {
    sid       = "LookForItsOwn"
    actions   = ["acm:ListTagsForCertificate"]
    resources = ["arn:${local.partition}:acm:${local.region}:${local.account}:certificate/*"]
  }

  statement {
    sid       = "ProveTheDomain"
    actions   = ["route53:ChangeResourceRecordSets"]
    resources = [var.zone_arn]

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "route53:ChangeResourceRecordSetsRecordTypes"
      values   = ["CNAME"]
    }
  }

  statement {
    sid       = "SeeTheProof"
    actions   = ["route53:ListResourceRecordSets"]
    resources = [var.zone_arn]
  }

  statement {
    sid       = "FindTheZone"
    actions   = ["route53:ListHostedZones", "route53:ListHostedZonesByName"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "load_balancer_certificates" {
  count = var.tls_mode == "acm" ? 1 : 0

  name   = "certificates"
  role   = aws_iam_role.workload["load-balancer-controller"].id
  policy = data.aws_iam_policy_document.load_balancer_certificates[0].json
}
